package io.coordinator.client.internal.session;

import io.coordinator.client.error.AuthenticationException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Query;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Reads from any node, needing neither a leader nor a session. Nodes are asked in turn until one answers. */
public final class StaleReads {
    private final SessionChannel channel;
    private final Transport transport;

    public StaleReads(SessionChannel channel, Transport transport) {
        this.channel = channel;
        this.transport = transport;
    }

    /** Asks; exactly one of the two hears the outcome, on the loop unless that is closed. */
    public void ask(Query query, long timeoutNanos, Consumer<Answer> answered, Consumer<CoordinatorException> failed) {
        long deadline = Times.deadline(timeoutNanos);
        channel.onLoop(
                () -> {
                    List<String> endpoints = channel.endpoints();
                    int start = ThreadLocalRandom.current().nextInt(endpoints.size());
                    askFrom(endpoints, start, 0, query, deadline, answered, failed);
                },
                failed);
    }

    private void askFrom(
            List<String> endpoints,
            int start,
            int tried,
            Query query,
            long deadlineNanos,
            Consumer<Answer> answered,
            Consumer<CoordinatorException> failed) {
        long left = deadlineNanos - System.nanoTime();
        if (tried == endpoints.size() || left <= 0) {
            failed.accept(channel.problem("no node answered the read"));
            return;
        }
        String endpoint = endpoints.get((start + tried) % endpoints.size());
        // A silent node must not use up the time of those after it.
        long share = Math.max(1, left / (endpoints.size() - tried));
        CompletableFuture<Answer> answer =
                transport.ask(endpoint, CoordinatorServiceGrpc.getReadMethod(), query, share);
        var unused = answer.whenComplete((value, error) -> {
            if (error == null) {
                answered.accept(value);
            } else if (error instanceof CoordinatorException why
                    && (why instanceof AuthenticationException || why instanceof ClosedException)) {
                failed.accept(why);
            } else {
                askFrom(endpoints, start, tried + 1, query, deadlineNanos, answered, failed);
            }
        });
    }
}
