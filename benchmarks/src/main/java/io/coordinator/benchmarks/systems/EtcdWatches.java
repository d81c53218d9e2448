package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A key whose puts are the messages, and a watch for each subscriber: a stream of its own over the client's
 * connections.
 */
final class EtcdWatches implements MessageSink {
    private static final long CREATE_SECONDS = 30;
    private static final ByteSequence KEY = ByteSequence.from("fan-out", StandardCharsets.UTF_8);

    private final Client client;
    private final List<Watch.Watcher> watchers = new ArrayList<>();

    private EtcdWatches(Client client) {
        this.client = client;
    }

    static EtcdWatches open(Client client, int subscribers, MessageReceiver receiver) throws Exception {
        EtcdWatches watches = new EtcdWatches(client);
        List<CompletableFuture<Void>> created = new ArrayList<>();
        for (int i = 0; i < subscribers; i++) {
            created.add(watches.subscribe(i, receiver));
        }
        CompletableFuture.allOf(created.toArray(CompletableFuture[]::new)).get(CREATE_SECONDS, TimeUnit.SECONDS);
        return watches;
    }

    private CompletableFuture<Void> subscribe(int subscriber, MessageReceiver receiver) {
        CompletableFuture<Void> created = new CompletableFuture<>();
        WatchOption option = WatchOption.builder().withCreateNotify(true).build();
        watchers.add(client.getWatchClient()
                .watch(
                        KEY,
                        option,
                        Watch.listener(
                                response -> onResponse(response, created, subscriber, receiver),
                                created::completeExceptionally)));
        return created;
    }

    private static void onResponse(
            WatchResponse response, CompletableFuture<Void> created, int subscriber, MessageReceiver receiver) {
        if (response.isCreatedNotify()) {
            created.complete(null);
        }
        for (WatchEvent event : response.getEvents()) {
            receiver.received(subscriber, event.getKeyValue().getValue().getBytes());
        }
    }

    @Override
    public CompletionStage<?> publish(byte[] message) {
        return client.getKVClient().put(KEY, ByteSequence.from(message));
    }

    @Override
    public void close() {
        watchers.forEach(Watch.Watcher::close);
    }
}
