package io.coordinator.benchmarks.harness;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** The workloads of messages in which each slot waits for an answer. */
final class Messaging {
    private Messaging() {}

    static Load publish(PublishDriver driver, Dataset data, int inFlight, Samples samples) throws Exception {
        MessageSink sink = driver.openTopic();
        return ClosedLoop.start(
                inFlight,
                slot -> {
                    SplittableRandom random = new SplittableRandom(slot);
                    return () -> sink.publish(data.value(random));
                },
                samples,
                sink);
    }

    static Load calls(CallDriver driver, Dataset data, int inFlight, Samples samples) throws Exception {
        return calls(driver.openCalls(), data, inFlight, samples);
    }

    static Load ephemeralCalls(CallDriver driver, Dataset data, int inFlight, Samples samples) throws Exception {
        return calls(driver.openEphemeralCalls(), data, inFlight, samples);
    }

    /** A job is done when its submission and its completion are acknowledged; its worker takes as many at a time. */
    static Load jobs(JobDriver driver, Dataset data, int inFlight, Samples samples) throws Exception {
        return calls(driver.openJobs(inFlight), data, inFlight, samples);
    }

    /** The answer must be the request, so each request has a number of its own. */
    private static Load calls(MessageCaller caller, Dataset data, int inFlight, Samples samples) throws Exception {
        AtomicLong numbers = new AtomicLong();
        return ClosedLoop.start(
                inFlight,
                slot -> {
                    SplittableRandom random = new SplittableRandom(slot);
                    return () -> call(caller, Numbered.with(data.value(random), numbers.incrementAndGet()));
                },
                samples,
                caller);
    }

    private static CompletionStage<?> call(MessageCaller caller, byte[] request) {
        return caller.call(request).thenAccept(answer -> {
            if (!Arrays.equals(request, answer)) {
                throw new IllegalStateException("request " + Numbered.of(request) + " got another one's answer");
            }
        });
    }
}
