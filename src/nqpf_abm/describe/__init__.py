"""The printed model: what there is, made from the declarations."""
