package io.coordinator.client.internal.builds;

import com.google.protobuf.ByteString;
import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SilentCommand;
import io.coordinator.protocol.BuildReservation;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ReportProgress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A live reservation as its build function sees it, watched by the local clock. */
final class ReservationContext implements BuildContext {
    private final SessionChannel channel;
    private final Session session;
    private final BuildTarget target;
    private final JsonCodec json;
    private final long token;
    private final long deadlineMillis;
    private final Promise<Void> cancelled;
    private volatile boolean over;
    private volatile boolean ended;
    private Loop.Timer timer = Loop.Timer.NONE;
    private boolean reporting;
    private @Nullable ByteString nextProgress;

    ReservationContext(
            SessionChannel channel,
            Session session,
            BuildTarget target,
            JsonCodec json,
            Promises userPromises,
            BuildReservation reservation) {
        this.channel = channel;
        this.session = session;
        this.target = target;
        this.json = json;
        this.token = reservation.getToken();
        this.deadlineMillis = reservation.getDeadlineMillis();
        this.cancelled = userPromises.makeShared();
    }

    /** Starts to watch the clock; on the loop. */
    void start() {
        if (!session.isLive()) {
            cancel();
            return;
        }
        timer = channel.loop()
                .schedule(
                        () -> {
                            if (nanosLeft() <= 0) {
                                cancel();
                            } else {
                                start();
                            }
                        },
                        nanosLeft());
    }

    /** The result is not wanted any more; on the loop. */
    @SuppressWarnings("NullAway") // a Void has no other value
    void cancel() {
        timer.cancel();
        over = true;
        cancelled.succeed(null);
    }

    /** The function has ended; on the loop. */
    void stop() {
        timer.cancel();
        ended = true;
    }

    @Override
    public String key() {
        return target.key();
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public boolean isCancelled() {
        return over || (!ended && (!session.isLive() || nanosLeft() <= 0));
    }

    @Override
    public CompletionStage<Void> cancelled() {
        return cancelled;
    }

    @Override
    public Duration remaining() {
        return ended || isCancelled() ? Duration.ZERO : Duration.ofNanos(Math.max(0, nanosLeft()));
    }

    @Override
    public void progress(@Nullable Object progress) {
        ByteString text = json.write(progress);
        channel.loop().execute(() -> {
            nextProgress = text;
            if (!reporting) {
                report();
            }
        });
    }

    /** One report at a time, the latest next: a slow connection sees fewer reports, not a queue of them. */
    private void report() {
        ByteString text = nextProgress;
        nextProgress = null;
        reporting = text != null && !ended && !isCancelled();
        if (text != null && reporting) {
            Command.Builder command = target.guarded(target.body()
                    .setProgress(ReportProgress.newBuilder().setToken(token).setProgress(text)));
            channel.submit(SilentCommand.cleanup(command, session, this::report), 0);
        }
    }

    private long nanosLeft() {
        return channel.clock().localNanos(deadlineMillis) - channel.loop().nanoTime();
    }
}
