package io.coordinator.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.document.DocumentCalls;
import io.coordinator.client.internal.document.DocumentChannel;
import io.coordinator.client.internal.document.Surroundings;
import io.coordinator.client.internal.watch.Changes;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentQuery;
import io.coordinator.protocol.DocumentReply;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The core without a log: every command is an entry that is applied at once. */
final class LocalCore implements DocumentChannel, Surroundings, AutoCloseable {
    private final JsonCodec json;
    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final List<Change> changes = new ArrayList<>();
    private final List<LocalWatch> watches = new ArrayList<>();
    private final Map<String, Semaphore> turns = new ConcurrentHashMap<>();
    private final ExecutorService callbacks = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "local-documents");
        thread.setDaemon(true);
        return thread;
    });
    private final long sessionId;
    private long index;
    private long seq;

    LocalCore(ObjectMapper mapper) {
        json = new JsonCodec(mapper);
        Command open = Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setOpen(OpenSession.newBuilder()
                                .setResumeToken(ByteString.copyFromUtf8("nobody resumes a local session"))
                                .setClientName("local")
                                .setLeaseMillis(Limits.DEFAULT.leaseMillisMax())))
                .build();
        sessionId = apply(Entry.newBuilder().addCommands(open))
                .replies()
                .get(0)
                .getSession()
                .getOpened()
                .getSessionId();
    }

    private synchronized Applied apply(Entry.Builder entry) {
        Applied applied = core.apply(
                ++index, entry.setClusterTimeMillis(System.currentTimeMillis()).build());
        changes.addAll(applied.changes());
        applied.changes().forEach(change -> watches.forEach(watch -> watch.hear(change)));
        return applied;
    }

    // ---- messages ----

    @Override
    public <T> Promise<T> command(Consumer<DocumentCommand.Builder> body, Function<DocumentReply, T> decoder) {
        return promise(() -> {
            Command.Builder command = Command.newBuilder();
            body.accept(command.getDocumentBuilder());
            Reply reply = execute(command);
            if (reply.hasError()) {
                throw Errors.of(reply.getError());
            }
            return decoder.apply(reply.getDocument());
        });
    }

    private synchronized Reply execute(Command.Builder command) {
        Command numbered =
                command.setSessionId(sessionId).setSeq(seq + 1).setAckedSeq(seq).build();
        Optional<io.coordinator.protocol.Error> refusal = core.refuse(numbered);
        if (refusal.isPresent()) {
            return Reply.newBuilder().setError(refusal.get()).build();
        }
        seq++;
        return apply(Entry.newBuilder().addCommands(numbered)).replies().get(0);
    }

    @Override
    public <T> Promise<T> query(Consumer<DocumentQuery.Builder> body, Decoder<T> decoder) {
        return promise(() -> {
            Query.Builder query = Query.newBuilder();
            body.accept(query.getDocumentBuilder());
            Answer answer = answer(query.build());
            if (answer.hasError()) {
                throw Errors.of(answer.getError());
            }
            return decoder.decode(answer.getDocument(), answer.getRevision());
        });
    }

    private synchronized Answer answer(Query query) {
        Optional<io.coordinator.protocol.Error> refusal = core.refuse(query);
        if (refusal.isPresent()) {
            return Answer.newBuilder().setError(refusal.get()).build();
        }
        apply(Entry.newBuilder()); // What has expired meanwhile is gone.
        return core.query(query);
    }

    private interface Call<T> {
        T make();
    }

    private static <T> Promise<T> promise(Call<T> call) {
        Promise<T> promise = Promises.direct().make();
        try {
            promise.succeed(call.make());
        } catch (CoordinatorException e) {
            promise.fail(e);
        }
        return promise;
    }

    @Override
    public DocumentChannel guardedBy(Guard guard) {
        return this;
    }

    @Override
    public DocumentChannel withTimeout(Duration timeout) {
        return this;
    }

    @Override
    public DocumentChannel withConsistency(ReadConsistency consistency) {
        return this;
    }

    @Override
    public DocumentChannel with(Promises promises) {
        return this;
    }

    @Override
    public Promises promises() {
        return Promises.direct();
    }

    @Override
    public Promises waiting() {
        return Promises.direct();
    }

    @Override
    public <T extends @Nullable Object> Promise<T> work(Callable<T> function) {
        Promise<T> outcome = Promises.direct().make();
        try {
            outcome.succeed(function.call());
        } catch (Throwable e) { // whatever a function throws
            outcome.fail(e);
        }
        return outcome;
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    public JsonCodec json() {
        return json;
    }

    // ---- turns and watches ----

    @Override
    public Turn turn(String namespace, String name, LockOptions options) {
        Semaphore free = turns.computeIfAbsent(namespace + '\0' + name, any -> new Semaphore(1, true));
        try {
            if (!free.tryAcquire(
                    options.maxWait().map(TimeUnit.MILLISECONDS::convert).orElse(Long.MAX_VALUE),
                    TimeUnit.MILLISECONDS)) {
                throw new LockTimeoutException("the turn of '" + name + "' did not come in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorInterruptedException("interrupted while waiting for the turn of '" + name + "'", e);
        }
        return new Turn() {
            @Override
            public DocumentCalls guarding(DocumentCalls calls) {
                return calls;
            }

            @Override
            public void close() {
                free.release();
            }
        };
    }

    @Override
    public synchronized Subscription watch(WatchOptions options, WatchListener listener) {
        LocalWatch watch = new LocalWatch(options, listener, core.revision());
        watch.begin();
        watches.add(watch);
        return watch;
    }

    @Override
    public void close() {
        callbacks.shutdownNow();
    }

    /** Hears everything in order on the one callback thread. */
    private final class LocalWatch implements Subscription {
        private final WatchOptions options;
        private final WatchListener listener;
        private final long from;
        private volatile boolean active = true;
        private volatile long last;

        LocalWatch(WatchOptions options, WatchListener listener, long revision) {
            this.options = options;
            this.listener = listener;
            this.from = options.fromRevision() == 0 ? revision + 1 : options.fromRevision();
        }

        private void begin() {
            callbacks.execute(() -> listener.onStarted(from - 1));
            changes.forEach(this::hear);
            long revision = core.revision();
            callbacks.execute(() -> listener.onCaughtUp(revision));
        }

        void hear(Change change) {
            if (change.getRevision() >= from && concerns(change)) {
                callbacks.execute(() -> {
                    if (active) {
                        last = change.getRevision();
                        Changes.tell(listener, change, Changes.event(change, ChangeEvent.Data.DOCUMENT, json));
                    }
                });
            }
        }

        private boolean concerns(Change change) {
            boolean key = options.prefix()
                    ? change.getKey().startsWith(options.key())
                    : change.getKey().equals(options.key());
            return key
                    && change.getData() == DataKind.DOCUMENT
                    && change.getNamespace().equals(options.namespace());
        }

        @Override
        public CompletionStage<Long> started() {
            return CompletableFuture.completedFuture(from - 1);
        }

        @Override
        public boolean isActive() {
            return active;
        }

        @Override
        public boolean isCurrent() {
            return active;
        }

        @Override
        public long lastRevision() {
            return last;
        }

        @Override
        public void close() {
            active = false;
            synchronized (LocalCore.this) {
                watches.remove(this);
            }
        }
    }
}
