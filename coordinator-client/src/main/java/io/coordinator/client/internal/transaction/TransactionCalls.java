package io.coordinator.client.internal.transaction;

import com.google.protobuf.MessageLite;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.document.Selector;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.cache.ExpectationMessages;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.job.JoinedWrites;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.client.option.Guard;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.transaction.TransactionResult;
import io.coordinator.client.transaction.TransactionWrites;
import io.coordinator.protocol.CacheCondition;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DocumentCondition;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TransactionCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A transaction that is being collected, and then a message. */
public final class TransactionCalls implements Transaction, JoinedWrites {
    private static final TypeEnvelope<TransactionCommand, MessageLite> TRANSACTION =
            TypeEnvelope.ofCommands(Command.Builder::setTransaction, Reply.OutcomeCase.TRANSACTION);

    private final Calls blocking;
    private final Calls staged;
    private final String namespace;
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Command> then = new ArrayList<>();
    private final List<Command> otherwise = new ArrayList<>();

    /**
     * An empty transaction.
     *
     * @param blocking for callers that wait
     * @param staged for the others
     */
    public TransactionCalls(Calls blocking, Calls staged, String namespace) {
        this.blocking = blocking;
        this.staged = staged;
        this.namespace = Calls.checkName("namespace", namespace);
    }

    @Override
    public Transaction whenCache(String key, Expect expect) {
        conditions.add(Condition.newBuilder()
                .setCache(CacheCondition.newBuilder()
                        .setNamespace(namespace)
                        .setKey(Calls.checkName("key", key))
                        .setExpect(ExpectationMessages.of(expect, blocking.json())))
                .build());
        return this;
    }

    @Override
    public Transaction whenDocument(String id, Selector selector, Expect expect) {
        conditions.add(Condition.newBuilder()
                .setDocument(DocumentCondition.newBuilder()
                        .setNamespace(namespace)
                        .setId(Calls.checkName("id", id))
                        .addAllPath(selector.path())
                        .setExpect(ExpectationMessages.of(expect, blocking.json())))
                .build());
        return this;
    }

    @Override
    public Transaction whenHeld(Guard grant) {
        Command.Builder envelope = Command.newBuilder();
        Errors.setGuard(envelope, grant);
        conditions.add(Condition.newBuilder().setLock(envelope.getGuard()).build());
        return this;
    }

    @Override
    public Transaction then(Consumer<TransactionWrites> writes) {
        collect(writes, then);
        return this;
    }

    @Override
    public Transaction otherwise(Consumer<TransactionWrites> writes) {
        collect(writes, otherwise);
        return this;
    }

    /** All that a function writes, or nothing of it if it throws. */
    private void collect(Consumer<TransactionWrites> writes, List<Command> branch) {
        int before = branch.size();
        boolean whole = false;
        try {
            writes.accept(new Writes(namespace, blocking.json(), branch));
            whole = true;
        } finally {
            if (!whole) {
                branch.subList(before, branch.size()).clear();
            }
        }
    }

    @Override
    public TransactionResult commit() {
        return Await.result(commit(blocking));
    }

    @Override
    public Promise<TransactionResult> commitAsync() {
        return commit(staged);
    }

    private Promise<TransactionResult> commit(Calls calls) {
        TransactionCommand command = command(List.of());
        return calls.command(
                TRANSACTION,
                () -> command,
                reply -> new TransactionResult(reply.getTransaction().getHeld(), reply.getRevision()));
    }

    private TransactionCommand command(List<Command> first) {
        return TransactionCommand.newBuilder()
                .addAllConditions(conditions)
                .addAllThen(first)
                .addAllThen(then)
                .addAllOtherwise(otherwise)
                .build();
    }

    @Override
    public Command.Builder with(Command first) {
        return blocking.envelope().setTransaction(command(List.of(first)));
    }
}
