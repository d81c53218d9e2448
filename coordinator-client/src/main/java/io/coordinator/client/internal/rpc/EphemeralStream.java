package io.coordinator.client.internal.rpc;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.SideLink;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.client.internal.session.Backoff;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SessionSettings;
import io.coordinator.client.internal.session.StreamWatcher;
import io.coordinator.client.internal.side.SideConnection;
import io.coordinator.client.internal.side.SideFrames;
import io.coordinator.protocol.CallClientFrame;
import io.coordinator.protocol.CallServerFrame;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.WatchUpdate;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ephemeral calls of a client, those that it makes and those that it serves: one stream for all. Lives on the loop,
 * except where it says any thread.
 */
public final class EphemeralStream implements StreamWatcher {
    private static final int FRAME_BYTES = 128 << 10;
    private static final SideFrames<CallClientFrame, CallServerFrame> FRAMES = new SideFrames<>(
            "call stream",
            CoordinatorServiceGrpc.getCallsMethod(),
            hello -> CallClientFrame.newBuilder().setHello(hello).build(),
            CallServerFrame::hasWelcome,
            CallServerFrame::hasGoodbye,
            CallServerFrame::getGoodbye);

    private final SessionChannel channel;
    private final boolean failFast;
    private final EphemeralCalls calls;
    private final EphemeralWork work;
    private final SideConnection<CallClientFrame, CallServerFrame> connection;
    private boolean flushing;
    private @Nullable Supplier<CoordinatorException> ended;

    /** Opens a stream when there is something to use it for. */
    public EphemeralStream(SessionSettings settings, SessionChannel channel, Transport transport) {
        this.channel = channel;
        failFast = settings.failFast();
        calls = new EphemeralCalls(
                channel, settings.pendingCallsMax(), settings.pendingBytesMax(), this::scheduleFlush);
        work = new EphemeralWork(channel, this::somethingToSay);
        Backoff backoff = new Backoff(
                settings.backoffMin(),
                settings.backoffMax(),
                () -> ThreadLocalRandom.current().nextDouble());
        connection = new SideConnection<>(
                FRAMES, channel, transport, backoff, Times.nanos(settings.connectTimeout()), new Streaming());
    }

    EphemeralCalls calls() {
        return calls;
    }

    EphemeralWork work() {
        return work;
    }

    /** Makes a call, or ends it by its deadline. It is admitted already. On any thread. */
    void call(EphemeralRequest<?> call) {
        if (!channel.loop().offer(() -> accept(call))) {
            calls.fail(call, SessionChannel.closed(false));
            return;
        }
        call.promise().onCancel(() -> channel.loop().run(() -> calls.leave(call)));
    }

    private void accept(EphemeralRequest<?> call) {
        CoordinatorException refusal = refusal();
        if (refusal != null) {
            calls.fail(call, refusal);
        } else if (!call.hasEnded()) {
            calls.add(call);
            somethingToSay();
        }
    }

    /** Why nothing is begun, if that is so. */
    private @Nullable CoordinatorException refusal() {
        if (ended != null) {
            return ended.get();
        }
        return failFast && channel.leaderEndpoint() == null
                ? new DisconnectedException("not connected, and failFast is set", false, null)
                : null;
    }

    private void somethingToSay() {
        scheduleFlush();
        connection.want();
    }

    /** What comes while the loop is busy leaves together. */
    private void scheduleFlush() {
        if (!flushing) {
            flushing = true;
            channel.loop().execute(() -> {
                flushing = false;
                flush();
            });
        }
    }

    private void flush() {
        SideLink<CallClientFrame> link = connection.link();
        while (link != null && link.isReady() && (work.hasSomethingToSay() || calls.hasSomethingToSay())) {
            CallClientFrame.Builder frame = CallClientFrame.newBuilder();
            int taken = work.fill(frame, FRAME_BYTES);
            calls.fill(frame, FRAME_BYTES - taken);
            link.send(frame.build());
        }
    }

    // ---- the stream ----

    private final class Streaming implements SideConnection.Owner<CallClientFrame, CallServerFrame> {
        @Override
        public boolean isWanted() {
            return !work.isIdle() || !calls.isIdle();
        }

        @Override
        public void onWelcome(SideLink<CallClientFrame> link) {
            work.welcome();
            flush();
        }

        @Override
        public void onFrame(CallServerFrame frame) {
            frame.getServedList().forEach(work::onServed);
            frame.getDispatchedList().forEach(work::onDispatched);
            frame.getRevokedList().forEach(work::onRevoked);
            frame.getRefusedList().forEach(work::onRefused);
            frame.getProgressList().forEach(calls::onProgress);
            frame.getOutcomesList().forEach(calls::onOutcome);
        }

        @Override
        public void onReady(SideLink<CallClientFrame> link) {
            flush();
        }

        @Override
        public void onLost(String why) {
            work.lost();
            calls.lost(why);
        }
    }

    // ---- the session ----

    @Override
    public void onAttached() {
        connection.attached();
    }

    @Override
    public void onUpdate(WatchUpdate update) {}

    @Override
    public void onRestored(long revision) {}

    @Override
    public void onEnd(Supplier<CoordinatorException> why) {
        ended = why;
        connection.end();
        calls.end(why);
    }
}
