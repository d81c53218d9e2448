package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Publishes to a number of subscribers. A slot publishes its next message when everyone has its last one, so there are
 * as many messages on their way as slots; what is counted are deliveries.
 */
final class FanOutLoad implements Load {
    private final CurrentSamples samples;
    private final MessageSink sink;
    private final ClosedLoop loop;
    private final ScheduledExecutorService sweeper;

    private FanOutLoad(CurrentSamples samples, MessageSink sink, ClosedLoop loop, ScheduledExecutorService sweeper) {
        this.samples = samples;
        this.sink = sink;
        this.loop = loop;
        this.sweeper = sweeper;
    }

    static Load start(FanOutDriver driver, Dataset data, int subscribers, int inFlight, Samples first)
            throws Exception {
        CurrentSamples samples = new CurrentSamples(first);
        FanOut fanOut = new FanOut(subscribers, samples, System::nanoTime);
        MessageSink sink = driver.openFanOut(subscribers, fanOut);
        ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "fan-out-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        var unused = sweeper.scheduleWithFixedDelay(fanOut::giveUpOld, 1, 1, TimeUnit.SECONDS);
        ClosedLoop loop = ClosedLoop.pace(
                inFlight,
                slot -> {
                    SplittableRandom random = new SplittableRandom(slot);
                    return () -> fanOut.publish(sink, data.value(random));
                },
                samples);
        return new FanOutLoad(samples, sink, loop, sweeper);
    }

    @Override
    public void recordInto(Samples next) {
        samples.replace(next);
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
        return loop.await(time);
    }

    @Override
    public boolean awaitWarm(Duration time) throws InterruptedException {
        return loop.awaitWarm(time);
    }

    @Override
    public long stop(Duration patience) throws InterruptedException {
        return loop.stop(patience);
    }

    @Override
    public void close() throws Exception {
        sweeper.shutdownNow();
        sink.close();
    }
}
