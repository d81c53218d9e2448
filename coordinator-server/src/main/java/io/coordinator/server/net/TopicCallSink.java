package io.coordinator.server.net;

import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.server.topic.TopicSink;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gRPC stream as ephemeral topics see it. */
final class TopicCallSink implements TopicSink {
    /** Told from other frames by identity. */
    static final TopicServerFrame UNWRITABLE = TopicServerFrame.newBuilder().build();

    private static final Logger LOG = LoggerFactory.getLogger(TopicCallSink.class);

    private final OutboundCall<TopicServerFrame> call;
    private final Caller caller;
    private final Executor loop;

    /** @param loop the thread that this stream's frames arrive on */
    TopicCallSink(ServerCallStreamObserver<TopicServerFrame> call, Caller caller, Executor loop) {
        this.call = new OutboundCall<>(call, UNWRITABLE);
        this.caller = caller;
        this.loop = loop;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void send(TopicServerFrame frame) {
        call.send(frame);
    }

    @Override
    public void end() {
        call.end();
    }

    @Override
    public void reset() {
        call.reset();
    }

    @Override
    public void requestFrame() {
        call.requestFrame();
    }

    @Override
    public void run(Runnable work) {
        try {
            loop.execute(() -> call.orCut(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }
}
