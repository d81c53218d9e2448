package io.coordinator.client.internal.document;

import io.coordinator.client.document.Selector;
import io.coordinator.client.document.TransactionFunction;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.error.ConflictException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.TransactionException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.protocol.GotDocument;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs transactions of one document. */
final class Transactions {
    /** No lock of users is in here (DJ-LOCK-5). */
    private static final String LOCK_NAMESPACE = ".documents/";

    private static final ThreadLocal<Set<String>> RUNNING = ThreadLocal.withInitial(HashSet::new);

    private final DocumentCalls calls;
    private final Surroundings surroundings;
    private final String id;
    private final TransactionOptions options;

    Transactions(DocumentCalls calls, Surroundings surroundings, String id, TransactionOptions options) {
        this.calls = calls;
        this.surroundings = surroundings;
        this.id = id;
        this.options = options;
    }

    <T extends @Nullable Object, X extends Exception> T run(TransactionFunction<T, X> function) throws X {
        String name = calls.namespace() + '\0' + id;
        if (!RUNNING.get().add(name)) {
            throw TransactionException.nested("a transaction of document '" + id
                    + "' was begun inside another one of it, which it would wait for; use the outer one's");
        }
        try {
            return options.mode() == TransactionOptions.Mode.PESSIMISTIC
                    ? inTurn(function)
                    : attempts(document -> commit(calls, document), function);
        } finally {
            RUNNING.get().remove(name);
        }
    }

    private <T extends @Nullable Object, X extends Exception> T inTurn(TransactionFunction<T, X> function) throws X {
        LockOptions turn =
                LockOptions.defaults().ttl(options.timeout()).autoRenew(false).wait(options.waitTimeout());
        try (Surroundings.Turn ours = surroundings.turn(LOCK_NAMESPACE + calls.namespace(), id, turn)) {
            return attempts(document -> commit(ours, document), function);
        }
    }

    private <T extends @Nullable Object, X extends Exception> T attempts(
            Consumer<LocalDocument> commit, TransactionFunction<T, X> function) throws X {
        long start = System.nanoTime();
        for (int left = options.retries(); ; left--) {
            LocalDocument document = read();
            T result;
            try {
                result = function.apply(document);
            } finally {
                document.end();
            }
            if (System.nanoTime() - start > Times.nanos(options.timeout())) {
                throw expired();
            }
            try {
                commit.accept(document);
                return result;
            } catch (ConflictException e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    private TransactionException expired() {
        return TransactionException.expired("a transaction of document '" + id + "' took longer than "
                + Times.millis(options.timeout()) + " ms; nothing of it was applied");
    }

    private TransactionException turnEnded() {
        return TransactionException.expired("the turn of a transaction of document '" + id
                + "' ended before it was committed, since it took longer than " + Times.millis(options.timeout())
                + " ms or its session was lost; nothing of it was applied");
    }

    private LocalDocument read() {
        GotDocument got = Await.result(calls.get(id, Selector.root(), false, answer -> answer));
        if (!got.hasInfo()) {
            throw new KeyNotFoundException("there is no document '" + id + "'; open it first");
        }
        return LocalDocument.of(got, calls.json());
    }

    /** A command has one guard: where the caller has given one, the turn is looked at before. */
    private void commit(Surroundings.Turn ours, LocalDocument document) {
        if (calls.isGuarded()) {
            if (!ours.isHeld()) {
                throw turnEnded();
            }
            commit(calls, document);
            return;
        }
        try {
            commit(calls.guardedBy(ours.guard()), document);
        } catch (FencedException e) {
            throw turnEnded();
        }
    }

    private void commit(DocumentCalls commits, LocalDocument document) {
        if (!document.edits().isEmpty()) {
            Await.result(commits.edit(
                    id,
                    message -> message.addAllEdits(document.edits()).setExpectedRevision(document.revision()),
                    edited -> edited));
        }
    }
}
