package io.coordinator.testing;

import io.coordinator.protocol.CallServerFrame;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.server.call.CallExchange;
import io.coordinator.server.call.CallSettings;
import io.coordinator.server.call.CallStream;
import io.coordinator.server.call.GatedRegistrations;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.session.Serving;
import io.coordinator.server.side.SideStream;
import io.coordinator.server.topic.TopicExchange;
import io.coordinator.server.topic.TopicSettings;
import io.coordinator.server.topic.TopicStream;
import io.coordinator.state.MessageGate;
import io.grpc.MethodDescriptor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** What passes through the memory of a {@link MemoryNode}: ephemeral topics and calls. */
final class MemoryExchanges implements AutoCloseable {
    private static final int BYTES_MAX = 64 << 20;
    private static final int STREAM_BYTES_MAX = 16 << 20;
    private static final int MANY = 1 << 16;
    private static final long SLOW_MILLIS = TimeUnit.SECONDS.toMillis(10);
    private static final long SWEEP_MILLIS = 20;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "coordinator-memory-exchanges");
        made.setDaemon(true);
        return made;
    });
    private final TopicExchange topics;
    private final CallExchange calls;

    /** @param clock by which calls end */
    MemoryExchanges(String node, MessageGate gate, LeaderView leads, Serving serving, LongSupplier clock) {
        topics = new TopicExchange(
                node,
                new TopicSettings(
                        STREAM_BYTES_MAX, 4 * STREAM_BYTES_MAX, BYTES_MAX, SLOW_MILLIS, MANY, MANY, MANY, BYTES_MAX),
                gate,
                leads,
                serving.gateway().sideDoor(),
                serving.gateway().proofs(),
                thread);
        calls = new CallExchange(
                node,
                new CallSettings(STREAM_BYTES_MAX, BYTES_MAX, MANY, BYTES_MAX, MANY, MANY, MANY, SLOW_MILLIS),
                gate,
                leads,
                serving.gateway().sideDoor(),
                new GatedRegistrations(serving.gate()),
                clock,
                thread);
        serving.gateway().follow(topics.follower());
        serving.gateway().follow(calls.follower());
        var unused = thread.scheduleWithFixedDelay(
                () -> calls.sweep(System.nanoTime()), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Where streams of this method begin. */
    @SuppressWarnings("unchecked") // the method says which frames there are
    <Q, A> Function<FrameSink<A>, SideStream<Q, A>> of(MethodDescriptor<Q, A> method) {
        Function<FrameSink<TopicServerFrame>, TopicStream> ofTopics = topics::connect;
        Function<FrameSink<CallServerFrame>, CallStream> ofCalls = calls::connect;
        boolean isOfTopics = method.getFullMethodName()
                .equals(CoordinatorServiceGrpc.getTopicsMethod().getFullMethodName());
        Function<?, ?> connect = isOfTopics ? ofTopics : ofCalls;
        return (Function<FrameSink<A>, SideStream<Q, A>>) connect;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
