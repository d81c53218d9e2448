package io.coordinator.client.internal.durable;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ServerException;
import io.coordinator.client.internal.async.Demand;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.watch.ChangeListener;
import io.coordinator.client.internal.watch.ChangeMessages;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.topic.RecordGap;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.MessagePage;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.StoredMessage;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic from a place on: page by page until it has caught up, then by a watch, whose changes carry the
 * messages. When more come than its subscriber takes, the watch is closed, and pages follow again. So what nobody wants
 * yet waits in the cluster, and nothing is seen twice or left out. All of its state changes on its serial executor.
 */
final class RecordFeed {
    private static final int PAGE = 256;
    private static final int WAITING_MAX = 1_024;
    private static final long RETRY_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long RETRY_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Calls calls;
    private final ClientSide side;
    private final TopicTarget target;
    private final Sink sink;
    private final SerialExecutor serial;
    private final Promise<Long> started;
    private final Queue<StoredMessage> waiting = new ArrayDeque<>();

    private StartPosition position;
    /** The topic that it has seen; 0 while there is none. */
    private long topicId;
    /** The offset that comes next; 0 until the first page. */
    private long next;

    private long missed;
    private long wanted;
    private long retryNanos = RETRY_MIN_NANOS;
    private boolean reading;
    private @Nullable Tail tail;
    private volatile boolean ended;
    private volatile long handed;

    /** Who subscribes. Called on the serial executor; what it throws is its own business. */
    interface Sink {
        void onRecord(TopicRecord message);

        void onGap(RecordGap gap);

        /** It has ended for good; not called if it was closed. */
        void onEnd(CoordinatorException why);
    }

    /**
     * A feed that does nothing yet.
     *
     * @param serial of the subscriber
     */
    RecordFeed(Calls calls, ClientSide side, TopicTarget target, StartAt start, Sink sink, SerialExecutor serial) {
        this.calls = calls.with(Promises.direct());
        this.side = side;
        this.target = target;
        this.position = TopicEnvelopes.position(start);
        this.sink = sink;
        this.serial = serial;
        this.started = side.promises().makeShared();
    }

    Promise<Long> started() {
        return started;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Behind the last message that was handed over; 0 before the place where it begins is known. */
    long nextOffset() {
        return handed;
    }

    /** Begins to read, and hands over so many messages more. */
    void request(long count) {
        serial.execute(() -> {
            wanted = Demand.add(wanted, count);
            deliver();
        });
    }

    /** Begins to read although nothing is wanted yet. */
    void open() {
        serial.execute(this::read);
    }

    /** Ends it; a message that is being handed over is the last one. */
    void close() {
        ended = true;
        serial.execute(this::stop);
    }

    private void stop() {
        ended = true;
        closeTail();
        waiting.clear();
    }

    private void end(CoordinatorException why) {
        if (!ended) {
            stop();
            started.fail(why);
            sink.onEnd(why);
        }
    }

    // ---- to the subscriber ----

    private void deliver() {
        while (wanted > 0 && !waiting.isEmpty() && !ended) {
            StoredMessage message = waiting.remove();
            handed = message.getOffset() + 1;
            if (RecordPages.isForEverybody(message)) {
                wanted = Demand.less(wanted);
                TopicRecord told = new RecordView(target.name(), message, missed, calls.json());
                missed = 0;
                sink.onRecord(told);
            }
        }
        if (waiting.isEmpty() && tail == null) {
            read();
        }
    }

    private void gap(RecordGap gap) {
        missed += gap.count();
        sink.onGap(gap);
    }

    // ---- pages ----

    private void read() {
        if (reading || ended || tail != null) {
            return;
        }
        reading = true;
        Promise<Answer> page =
                RecordPages.read(calls, target, position, PAGE, topicId, (ofTopic, answer, json) -> answer);
        var unused = page.whenComplete((answer, error) -> serial.execute(() -> {
            reading = false;
            if (ended) {
                return;
            }
            if (error == null) {
                retryNanos = RETRY_MIN_NANOS;
                take(answer);
            } else {
                failed(error);
            }
        }));
    }

    private void take(Answer answer) {
        MessagePage page = answer.getTopic().getPage();
        if (topicId != 0 && page.getTopicId() != topicId) {
            gap(new RecordGap(next, next - 1, RecordGap.Reason.DELETED));
        } else {
            RecordPages.gap(page, position.getOffset()).ifPresent(this::gap);
        }
        topicId = page.getTopicId();
        waiting.addAll(page.getMessagesList());
        goOnAt(RecordPages.nextOffset(page));
        if (!started.isDone()) {
            long first =
                    page.getMessagesCount() == 0 ? next : page.getMessages(0).getOffset();
            handed = first;
            started.succeed(first);
        }
        if (!page.getMore()) {
            follow(answer.getRevision());
        }
        deliver();
    }

    private void goOnAt(long offset) {
        next = offset;
        position = StartPosition.newBuilder().setOffset(offset).build();
    }

    /** What may pass is waited for; a subscriber learns of it by nothing but silence. */
    private void failed(Throwable error) {
        Throwable cause = Thrown.cause(error);
        if (!(cause instanceof CoordinatorException why)) {
            end(new ServerException(
                    io.coordinator.client.error.ErrorCode.EBROKER,
                    target + " could not be read: " + Thrown.text(cause),
                    false,
                    false));
        } else if (!why.retryable() || calls.channel().isClosed()) {
            end(why);
        } else {
            var unused = calls.channel().loop().schedule(() -> serial.execute(this::read), retryNanos);
            retryNanos = Math.min(2 * retryNanos, RETRY_MAX_NANOS);
        }
    }

    // ---- what comes ----

    /** Hears of every change after a revision. */
    private void follow(long revision) {
        Tail follower = new Tail();
        tail = follower;
        WatchOptions options = WatchOptions.key(ChangeEvent.Data.TOPIC, target.name())
                .namespace(target.namespace())
                .fromRevision(revision + 1);
        try {
            follower.watch = side.watches().apply(options, follower);
        } catch (CoordinatorException e) { // The client was closed meanwhile.
            end(e);
        }
    }

    private void closeTail() {
        if (tail != null) {
            tail.close();
            tail = null;
        }
    }

    private void readOn() {
        closeTail();
        if (waiting.isEmpty()) {
            read();
        }
    }

    private void hear(Change change) {
        if (change.getKind() == ChangeKind.DELETED) {
            readOn();
            return;
        }
        if (change.getKind() != ChangeKind.PUBLISHED) {
            return;
        }
        StoredMessage message = ChangeMessages.message(change);
        boolean usual = message.getTopicId() == topicId || (topicId == 0 && message.getOffset() == next);
        if (!usual || message.getOffset() > next) {
            readOn();
        } else if (message.getOffset() == next) {
            topicId = message.getTopicId();
            waiting.add(message);
            goOnAt(next + 1);
            if (waiting.size() > WAITING_MAX) {
                closeTail();
            }
            deliver();
        }
    }

    /** The watch of one time. What it still says when it is not the present one any more comes again. */
    private final class Tail implements ChangeListener {
        private final AtomicInteger queued = new AtomicInteger();
        private volatile boolean closed;
        private volatile @Nullable Subscription watch;

        void close() {
            closed = true;
            Subscription opened = watch;
            if (opened != null) {
                opened.close();
            }
        }

        @Override
        public void onChange(Change change, ChangeEvent event) {
            if (queued.incrementAndGet() > WAITING_MAX) {
                close(); // The subscriber blocks: the cluster keeps the rest.
            }
            if (closed) {
                serial.execute(this::ended);
                return;
            }
            serial.execute(() -> {
                queued.decrementAndGet();
                if (tail == this) {
                    hear(change);
                }
            });
        }

        @Override
        public void onCompacted(long oldestRevision) {
            serial.execute(this::ended);
        }

        @Override
        public void onError(CoordinatorException error) {
            serial.execute(() -> {
                if (tail == this) {
                    closeTail();
                    failed(error);
                }
            });
        }

        private void ended() {
            if (tail == this) {
                readOn();
            }
        }
    }
}
