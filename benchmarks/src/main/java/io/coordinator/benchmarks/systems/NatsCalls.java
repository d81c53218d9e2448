package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.MessageCaller;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** A subject with a worker in a queue group, and a caller on the same node. */
final class NatsCalls implements MessageCaller {
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(10);
    private static final String WORKERS = "workers";

    private final Connection caller;
    private final Connection worker;
    private final String subject;

    private NatsCalls(Connection caller, Connection worker, String subject) {
        this.caller = caller;
        this.worker = worker;
        this.subject = subject;
    }

    static NatsCalls open(Connection caller, NatsNodes nodes) throws Exception {
        Connection worker = nodes.connect(0);
        NatsCalls calls = new NatsCalls(caller, worker, "calls." + UUID.randomUUID());
        try {
            var unused = worker.createDispatcher()
                    .subscribe(
                            calls.subject, WORKERS, request -> worker.publish(request.getReplyTo(), request.getData()));
            worker.flush(FLUSH_TIMEOUT);
            return calls;
        } catch (Exception e) {
            calls.close();
            throw e;
        }
    }

    @Override
    public CompletionStage<byte[]> call(byte[] request) {
        return caller.request(subject, request).thenApply(Message::getData);
    }

    @Override
    public void close() throws InterruptedException {
        worker.close();
    }
}
