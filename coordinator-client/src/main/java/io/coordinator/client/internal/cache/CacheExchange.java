package io.coordinator.client.internal.cache;

import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import java.util.function.Function;

/**
 * The way of messages about the values of one namespace, for its calls: with what they have in common put in, and
 * answers of another kind refused.
 */
record CacheExchange(Calls calls, String namespace) {
    private static final TypeEnvelope<CacheCommand, CacheQuery> CACHE = new TypeEnvelope<>(
            Command.Builder::setCache, Reply.OutcomeCase.CACHE, Query.Builder::setCache, Answer.OutcomeCase.CACHE);

    /** The same, for callers on the loop. */
    CacheExchange direct() {
        return new CacheExchange(calls.with(Promises.direct()), namespace);
    }

    /** The same, for what belongs to a read. */
    CacheExchange unguarded() {
        return new CacheExchange(calls.unguarded(), namespace);
    }

    /** Sends a command about one key. */
    <T> Promise<T> command(String key, Body<CacheCommand.Builder> operation, Function<Reply, T> decoder) {
        return command(
                body -> {
                    body.setKey(Calls.checkName("key", key));
                    operation.fill(body);
                },
                decoder);
    }

    <T> Promise<T> command(Body<CacheCommand.Builder> operation, Function<Reply, T> decoder) {
        return calls.command(
                CACHE,
                () -> {
                    CacheCommand.Builder body = CacheCommand.newBuilder().setNamespace(namespace);
                    operation.fill(body);
                    return body.build();
                },
                decoder);
    }

    /** Asks about a key, or about those that begin with it. */
    <T> Promise<T> query(String key, Body<CacheQuery.Builder> operation, Function<Answer, T> decoder) {
        return calls.query(
                CACHE,
                () -> {
                    CacheQuery.Builder body =
                            CacheQuery.newBuilder().setNamespace(namespace).setKey(Text.prefix("key", key));
                    operation.fill(body);
                    return body.build();
                },
                decoder);
    }

    /** Sets the operation of a message. */
    @FunctionalInterface
    interface Body<B> {
        void fill(B body);
    }
}
