package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.JobState;
import io.coordinator.protocol.OverlapPolicy;
import io.coordinator.protocol.ScheduleAdvance;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.protocol.ScheduleSummary;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Leaders with clocks that jump, who look at one time and propose at another, against a model of what may fire: a time
 * at most once, only forward, and only by whoever has seen the row as it is.
 */
@Feature({"B-41", "EL-USE-2"})
class SchedulesAgainstModelTest extends ScheduleScript {
    private static final int STEPS = 300;
    private static final String TRIGGER = "@trigger-";

    private final Random random = new Random(Seeds.next("SchedulesAgainstModelTest"));
    /** What leaders have seen and want to propose, perhaps more than once. */
    private final List<ScheduleAdvance> seen = new ArrayList<>();

    private final TreeSet<Long> fired = new TreeSet<>();
    private boolean exists;
    private boolean paused;
    private boolean skips;
    private long decided;
    private long skipped;
    private long triggered;
    private long clock = 10_000;

    @RepeatedTest(20)
    void eachTimeFiresAtMostOnceWhateverLeadersPropose() {
        for (int i = 0; i < STEPS; i++) {
            step();
            check();
        }
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1 -> set();
            case 2 -> {
                boolean to = random.nextInt(3) == 0;
                pause(to);
                paused = exists ? to : paused;
            }
            case 3 -> {
                if (exists) {
                    trigger();
                    triggered++;
                }
            }
            // An hour back or ahead.
            case 4 -> clock = Math.max(1_000, clock + (random.nextBoolean() ? 3_600_000 : -3_600_000));
            case 5, 6, 7, 8, 9, 10, 11 -> {
                clock += random.nextInt(3_000);
                glance();
            }
            default -> {
                if (!seen.isEmpty()) {
                    propose(seen.get(random.nextInt(seen.size())));
                }
            }
        }
    }

    private void set() {
        boolean skip = random.nextBoolean();
        ScheduleSettings.Builder settings = everySecond(skip ? OverlapPolicy.SKIP_NEXT : OverlapPolicy.QUEUE_NEXT)
                .setEveryMillis(1_000L * (1 + random.nextInt(2)));
        set(settings);
        exists = true;
        skips = skip;
    }

    /** A leader looks, and will propose some time. */
    private void glance() {
        if (!exists) {
            return;
        }
        long from = look().getProgress().getDecidedMillis();
        ScheduleAdvance.Builder advance = advance();
        for (long time = Math.max(from, clock - 3_000) / 1_000 * 1_000; time <= clock; time += 1_000) {
            advance.addFireMillis(time);
        }
        seen.add(advance.setDecidedMillis(Math.max(from, clock)).build());
    }

    private void propose(ScheduleAdvance advance) {
        boolean counts = exists
                && !paused
                && advance.getVersion() == look().getProgress().getVersion();
        long expected = 0;
        if (counts) {
            for (long time : advance.getFireMillisList()) {
                if (time > decided) {
                    boolean busy = skips && (!fired.isEmpty() || triggered > 0);
                    skipped += busy ? 1 : 0;
                    expected += busy ? 0 : 1;
                    assertThat(busy || fired.add(time)).isTrue();
                    decided = time;
                }
            }
            decided = advance.getDecidedMillis();
        }
        assertThat(propose(advance.toBuilder()).getFired()).isEqualTo(expected);
    }

    private void check() {
        long jobs = 0;
        for (String id : list(JobState.WAITING)) {
            jobs += id.contains(TRIGGER) ? 0 : 1;
        }
        if (fired.size() + triggered < 100) { // What one page can tell.
            assertThat(jobs).isEqualTo(fired.size());
        }
        assertThat(queue().getWaiting()).isEqualTo(fired.size() + triggered);
        if (exists) {
            ScheduleSummary summary = look();
            assertThat(summary.getFired()).isEqualTo(fired.size() + triggered);
            assertThat(summary.getSkipped()).isEqualTo(skipped);
            assertThat(summary.getProgress().getDecidedMillis()).isEqualTo(decided);
            assertThat(summary.getUnfinished()).isEqualTo(fired.size() + triggered);
        }
    }
}
