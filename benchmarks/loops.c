/* Three phases as the plain loops a C programmer would write: one array per attribute, living agents only.
   Chance is the package's (Philox4x32-10 of who draws, when and what for), so results can be compared. */
#include <math.h>
#include <stdint.h>

static inline double uniform(uint64_t seed, uint64_t quarter, uint64_t uid, uint64_t stream)
{
    uint32_t c0 = (uint32_t)uid, c1 = (uint32_t)(uid >> 32), c2 = (uint32_t)quarter, c3 = (uint32_t)(stream << 12);
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = 0xD2511F53ull * c0, p1 = 0xCD9E8D57ull * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    uint64_t bits = (((uint64_t)c0 << 32) | c1) >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}

void take_over_spirit(
    int64_t n, const int64_t *restrict firm, const int64_t *restrict team, double *restrict orientation,
    double *restrict anchor, const double *restrict leader_orientation, const double *restrict charisma,
    const double *restrict leadership, const double *restrict team_orientation,
    const double *restrict member_mean, const double *restrict safety, const double *restrict motivation,
    double openness, double adjustment, double neutral, double internalisation, double from_team,
    double from_leader, double from_peers)
{
    const double to_anchor = 1.0 - from_team - from_leader - from_peers;
    for (int64_t i = 0; i < n; i++) {
        if (firm[i] < 0)
            continue;
        const int64_t f = firm[i], t = team[i];
        const double susceptibility = openness * safety[t];
        double speed = adjustment * motivation[t] / neutral;
        if (speed > 1.0)
            speed = 1.0;
        const double keeps = internalisation * adjustment * leadership[f] * (1.0 - charisma[f]);
        for (int k = 0; k < 3; k++) {
            const double x0 = anchor[3 * i + k], x = orientation[3 * i + k];
            const double social = from_team * team_orientation[3 * t + k] + from_leader * leader_orientation[3 * f + k]
                + from_peers * member_mean[3 * t + k] + to_anchor * x0;
            const double y = x + speed * ((1.0 - susceptibility) * x0 + susceptibility * social - x);
            orientation[3 * i + k] = y;
            anchor[3 * i + k] = x0 + keeps * (y - x0);
        }
    }
}

void act_proactively(
    int64_t n, const uint64_t *restrict uid, const int64_t *restrict firm, const int64_t *restrict team,
    const double *restrict orientation, const double *restrict threshold, int64_t *restrict is_proactive,
    const double *restrict autonomy, const double *restrict proactive_share, double contagion, double effect,
    double usual, double noise, uint64_t seed, uint64_t quarter, uint64_t stream)
{
    double lots[512]; /* drawn for a block at once, so that the compiler can do several side by side */
    for (int64_t start = 0; start < n; start += 512) {
        const int64_t m = n - start < 512 ? n - start : 512;
        for (int64_t k = 0; k < m; k++)
            lots[k] = uniform(seed, quarter, uid[start + k], stream);
        for (int64_t k = 0; k < m; k++) {
            const int64_t i = start + k, t = team[i];
            if (firm[i] < 0) {
                is_proactive[i] = 0;
                continue;
            }
            const double mean = (orientation[3 * i] + orientation[3 * i + 1] + orientation[3 * i + 2]) / 3.0;
            const double eased = threshold[i] - effect * (autonomy[t] - usual);
            const double drive = (mean + contagion * proactive_share[t] - eased) / noise;
            is_proactive[i] = lots[k] < 1.0 / (1.0 + exp(-drive));
        }
    }
}

void weigh_leaving(
    int64_t n, const uint64_t *restrict uid, const int64_t *restrict firm, double *restrict urge,
    double idle_urge, uint64_t seed, uint64_t quarter, uint64_t stream)
{
    double lots[512];
    for (int64_t start = 0; start < n; start += 512) {
        const int64_t m = n - start < 512 ? n - start : 512;
        for (int64_t k = 0; k < m; k++)
            lots[k] = uniform(seed, quarter, uid[start + k], stream);
        for (int64_t k = 0; k < m; k++)
            urge[start + k] = -log(lots[k]) / (firm[start + k] < 0 ? idle_urge : 1.0);
    }
}
