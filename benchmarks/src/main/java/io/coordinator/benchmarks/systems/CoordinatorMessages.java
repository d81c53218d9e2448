package io.coordinator.benchmarks.systems;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.benchmarks.harness.MessageCaller;
import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.client.topic.AsyncDurableTopic;
import io.coordinator.client.topic.AsyncTopics;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** Topics, groups and calls through the SDK; subscribers, members and workers have clients of their own. */
final class CoordinatorMessages {
    private static final long BYTES_MAX = 256L << 20;
    private static final int BATCH = 500;
    private static final int CALLS_AT_ONCE = 1_000;
    private static final Duration FILL_TIMEOUT = Duration.ofSeconds(60);

    private final CoordinatorClient client;
    private final Callable<CoordinatorClient> connector;

    /** @param connector makes a client for somebody else */
    CoordinatorMessages(CoordinatorClient client, Callable<CoordinatorClient> connector) {
        this.client = client;
        this.connector = connector;
    }

    /** The messages of the data set are JSON strings without escapes; the SDK wants them as values, not as text. */
    static TextNode text(byte[] json) {
        return TextNode.valueOf(new String(json, 1, json.length - 2, StandardCharsets.ISO_8859_1));
    }

    static byte[] bytes(JsonNode value) {
        return ('"' + value.textValue() + '"').getBytes(StandardCharsets.ISO_8859_1);
    }

    private String newTopic(TopicOptions options) {
        String name = "topic-" + UUID.randomUUID();
        client.durableTopics().topic(name).create(options);
        return name;
    }

    MessageSink openTopic() {
        String name = newTopic(TopicOptions.defaults());
        AsyncDurableTopic topic = client.async().durableTopics().topic(name);
        return new MessageSink() {
            @Override
            public CompletionStage<?> publish(byte[] message) {
                return topic.publish(text(message));
            }

            @Override
            public void close() {
                client.durableTopics().topic(name).delete();
            }
        };
    }

    AutoCloseable consume(List<byte[]> backlog, int members, MessageReceiver receiver) throws Exception {
        String name =
                newTopic(TopicOptions.defaults().keepMessages(backlog.size()).keepBytes(BYTES_MAX));
        client.durableTopics().topic(name).group("group").configure(GroupOptions.defaults(), StartAt.earliest());
        AsyncDurableTopic topic = client.async().durableTopics().topic(name);
        FewAtATime.forEach(batches(backlog), topic::publishAll, FILL_TIMEOUT);
        StartLine startLine = new StartLine();
        Clients clients = new Clients(Members.connections(members));
        for (int i = 0; i < members; i++) {
            int member = i;
            var consumer = clients.get(i)
                    .durableTopics()
                    .topic(name)
                    .group("group")
                    .consume(
                            delivery -> {
                                if (startLine.await()) {
                                    delivery.acknowledge().thenAccept(taken -> {
                                        if (taken) {
                                            receiver.received(
                                                    member,
                                                    bytes(delivery.record().json()));
                                        }
                                    });
                                }
                            },
                            ConsumeOptions.defaults().withPrefetch(Members.PREFETCH));
            consumer.started().toCompletableFuture().get();
        }
        startLine.open();
        return () -> {
            clients.close();
            client.durableTopics().topic(name).delete();
        };
    }

    private static List<List<NewMessage>> batches(List<byte[]> messages) {
        List<List<NewMessage>> batches = new ArrayList<>();
        for (int from = 0; from < messages.size(); from += BATCH) {
            batches.add(messages.subList(from, Math.min(messages.size(), from + BATCH)).stream()
                    .map(message -> NewMessage.of(text(message)))
                    .toList());
        }
        return batches;
    }

    MessageSink openFanOut(int subscribers, MessageReceiver receiver) throws Exception {
        String name = "fan-out-" + UUID.randomUUID();
        Clients clients = new Clients(Members.connections(subscribers));
        for (int i = 0; i < subscribers; i++) {
            int subscriber = i;
            var unused = clients.get(i)
                    .topics()
                    .subscribe(name, message -> receiver.received(subscriber, bytes(message.json())));
        }
        AsyncTopics topics = client.async().topics();
        return new MessageSink() {
            @Override
            public CompletionStage<?> publish(byte[] message) {
                return topics.publish(name, text(message));
            }

            @Override
            public void close() {
                clients.close();
            }
        };
    }

    MessageCaller openCalls(CallOptions options) throws Exception {
        String name = "echo-" + UUID.randomUUID();
        Clients worker = new Clients(1);
        worker.get(0)
                .rpc()
                .register(
                        name,
                        request -> request.arguments(),
                        WorkerOptions.defaults().concurrency(CALLS_AT_ONCE));
        return new MessageCaller() {
            @Override
            public CompletionStage<byte[]> call(byte[] request) {
                return client.async()
                        .rpc()
                        .call(name, text(request), JsonNode.class, options)
                        .thenApply(answer -> bytes(java.util.Objects.requireNonNull(answer)));
            }

            @Override
            public void close() {
                worker.close();
            }
        };
    }

    MessageCaller openJobs(int atOnce) throws Exception {
        return CoordinatorJobs.open(client, connector, atOnce);
    }

    /** Some clients, which others share. */
    private final class Clients implements AutoCloseable {
        private final List<CoordinatorClient> all = new ArrayList<>();

        Clients(int count) throws Exception {
            for (int i = 0; i < count; i++) {
                all.add(connector.call());
            }
        }

        CoordinatorClient get(int user) {
            return all.get(user % all.size());
        }

        @Override
        public void close() {
            all.forEach(CoordinatorClient::close);
        }
    }
}
