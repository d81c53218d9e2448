package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.DocumentDriver;
import io.coordinator.benchmarks.harness.FanOutDriver;
import io.coordinator.benchmarks.harness.KeyDriver;
import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.Lock;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.support.CloseableClient;
import io.etcd.jetcd.support.Observers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * One jetcd client that knows all three endpoints and, as is its default, takes them in turn. Its locks hang on one
 * lease, kept alive as a lock user would.
 */
final class EtcdDriver implements KeyDriver, DocumentDriver, FanOutDriver, Versions {
    private static final long CALL_SECONDS = 5;
    private static final long LEASE_SECONDS = 60;
    /** Longer than any benchmark, so that nobody has to keep it alive. */
    private static final long SLOT_LEASE_SECONDS = 36_000;

    private final Client client;
    private final DocumentsByHand documents = new DocumentsByHand(this);
    private final KV kv;
    private final Lock locks;
    private final long lease;
    private final CloseableClient keepAlive;
    /** An etcd lock belongs to its lease, so each slot has one. */
    private final Map<Integer, CompletableFuture<Long>> slotLeases = new ConcurrentHashMap<>();

    private EtcdDriver(Client client, long lease) {
        this.client = client;
        this.kv = client.getKVClient();
        this.locks = client.getLockClient();
        this.lease = lease;
        this.keepAlive = client.getLeaseClient().keepAlive(lease, Observers.observer(response -> {}));
    }

    static EtcdDriver connect(Servers servers, List<String> endpoints) throws Exception {
        Client client =
                Client.builder().endpoints(endpoints.toArray(String[]::new)).build();
        try {
            return new EtcdDriver(client, servers.whenUp(() -> grantLease(client.getLeaseClient())));
        } catch (Exception e) {
            client.close();
            throw e;
        }
    }

    private static long grantLease(Lease leases) throws Exception {
        return leases.grant(LEASE_SECONDS).get(CALL_SECONDS, TimeUnit.SECONDS).getID();
    }

    @Override
    public void prepare(List<String> keys, List<String> lockNames, byte[] value, Duration timeout) throws Exception {
        FewAtATime.forEach(keys, key -> put(key, value), timeout);
    }

    @Override
    public CompletionStage<Void> put(String key, byte[] value) {
        return kv.put(bytes(key), ByteSequence.from(value)).thenAccept(response -> {});
    }

    @Override
    public CompletionStage<Void> get(String key) {
        return kv.get(bytes(key)).thenAccept(response -> {
            if (response.getKvs().isEmpty()) {
                throw new NoSuchElementException(key);
            }
        });
    }

    @Override
    public CompletionStage<Void> lockUnlock(String lock) {
        return locks.lock(bytes(lock), lease)
                .thenCompose(granted -> locks.unlock(granted.getKey()))
                .thenAccept(response -> {});
    }

    @Override
    public CompletionStage<Void> lockUnlockContended(String lock, int slot) {
        return slotLease(slot)
                .thenCompose(owner -> locks.lock(bytes(lock), owner)
                        .thenCompose(granted -> locks.unlock(granted.getKey()))
                        .thenAccept(response -> {}));
    }

    /** One by one in order: etcd has no lock of several names. */
    @Override
    public CompletionStage<Void> lockUnlockAll(List<String> names, int slot) {
        return slotLease(slot).thenCompose(owner -> {
            CompletableFuture<List<ByteSequence>> held = CompletableFuture.completedFuture(new ArrayList<>());
            for (String name : names) {
                held = held.thenCompose(keys -> locks.lock(bytes(name), owner).thenApply(granted -> {
                    keys.add(granted.getKey());
                    return keys;
                }));
            }
            return held.thenCompose(keys ->
                    CompletableFuture.allOf(keys.stream().map(locks::unlock).toArray(CompletableFuture[]::new)));
        });
    }

    /** Get, lock, look again, put, unlock. */
    @Override
    public CompletionStage<Void> getOrBuild(String key, byte[] value, int slot) {
        return kv.get(bytes(key))
                .thenCompose(found -> found.getKvs().isEmpty()
                        ? slotLease(slot).thenCompose(owner -> buildUnderLock(key, value, owner))
                        : CompletableFuture.<Void>completedFuture(null));
    }

    private CompletableFuture<Void> buildUnderLock(String key, byte[] value, long owner) {
        return locks.lock(bytes("lock/" + key), owner)
                .thenCompose(granted -> kv.get(bytes(key))
                        .thenCompose(again -> again.getKvs().isEmpty()
                                ? kv.put(bytes(key), ByteSequence.from(value)).thenAccept(response -> {})
                                : CompletableFuture.<Void>completedFuture(null))
                        .thenCompose(built -> locks.unlock(granted.getKey())))
                .thenAccept(response -> {});
    }

    @Override
    public void prepareDocuments(List<String> names, String json, Duration timeout) throws Exception {
        FewAtATime.forEach(names, name -> put(name, json.getBytes(StandardCharsets.UTF_8)), timeout);
    }

    @Override
    public CompletionStage<Void> setInDocument(String document, long value) {
        return documents.set(document, value);
    }

    @Override
    public CompletionStage<Void> pushInDocument(String document, long value) {
        return documents.pushAndShift(document, value);
    }

    @Override
    public CompletionStage<Void> moveBetweenDocuments(String from, String to) {
        return documents.move(from, to);
    }

    @Override
    public MessageSink openFanOut(int subscribers, MessageReceiver receiver) throws Exception {
        return EtcdWatches.open(client, subscribers, receiver);
    }

    @Override
    public CompletionStage<Versioned> read(String key) {
        return kv.get(bytes(key)).thenApply(response -> {
            KeyValue found = response.getKvs().get(0);
            return new Versioned(key, found.getModRevision(), found.getValue().toString(StandardCharsets.UTF_8));
        });
    }

    @Override
    public CompletionStage<Boolean> writeAll(List<Versioned> writes) {
        return kv.txn()
                .If(writes.stream()
                        .map(write -> new Cmp(bytes(write.key()), Cmp.Op.EQUAL, CmpTarget.modRevision(write.version())))
                        .toArray(Cmp[]::new))
                .Then(writes.stream()
                        .map(write -> Op.put(bytes(write.key()), bytes(write.text()), PutOption.DEFAULT))
                        .toArray(Op[]::new))
                .commit()
                .thenApply(TxnResponse::isSucceeded);
    }

    private CompletableFuture<Long> slotLease(int slot) {
        return slotLeases.computeIfAbsent(
                slot,
                owner -> client.getLeaseClient().grant(SLOT_LEASE_SECONDS).thenApply(response -> response.getID()));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        keepAlive.close();
        client.close();
    }
}
