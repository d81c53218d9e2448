package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One kind of request, of which so many are in flight while other things happen. */
public final class Repeated {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private Repeated() {}

    /** Something that happens meanwhile; user code of this class. */
    @FunctionalInterface
    public interface Phase {
        void run() throws Exception;

        /** Nothing else for so long. */
        static Phase of(Duration time) {
            return () -> TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
    }

    private record Recorded(Samples samples, long nanos) {}

    /**
     * Repeats a request until the last phase is over; nothing is under way when it returns.
     *
     * @return what was found in each of the phases, without the processor time of servers; who was never answered
     *     counts as an error of the last one
     */
    public static List<Measurement> during(SlotAction request, int inFlight, List<Phase> phases) throws Exception {
        List<Recorded> recorded = new ArrayList<>();
        long unanswered;
        try (Load load = ClosedLoop.start(inFlight, slot -> request, new Samples())) {
            for (Phase phase : phases) {
                recorded.add(record(load, phase));
            }
            load.recordInto(new Samples());
            unanswered = load.stop(DRAIN);
        }
        List<Measurement> found = new ArrayList<>();
        for (Recorded one : recorded) {
            long missing = found.size() == recorded.size() - 1 ? unanswered : 0;
            found.add(CellRun.measurement(one.samples(), one.nanos(), 0, missing));
        }
        return found;
    }

    private static Recorded record(Load load, Phase phase) throws Exception {
        Samples samples = new Samples();
        long startedAt = System.nanoTime();
        load.recordInto(samples);
        phase.run();
        return new Recorded(samples, System.nanoTime() - startedAt);
    }
}
