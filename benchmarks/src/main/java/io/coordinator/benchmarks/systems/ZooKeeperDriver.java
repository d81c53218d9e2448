package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.DocumentDriver;
import io.coordinator.benchmarks.harness.KeyDriver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * One ZooKeeper client that knows all three servers and picks one of them, through its asynchronous API; locks that
 * others want are taken through Curator, as its users do.
 */
final class ZooKeeperDriver implements KeyDriver, DocumentDriver, Versions {
    private static final int SESSION_TIMEOUT_MILLIS = 30_000;
    private static final int ANY_VERSION = -1;
    private static final byte[] NO_DATA = {};
    private static final String KEYS = "/keys";
    private static final String LOCKS = "/locks";
    private static final String TICKET = "/ticket-";

    private final ZooKeeper client;
    private final CuratorLocks curator;
    private final DocumentsByHand documents = new DocumentsByHand(this);

    private ZooKeeperDriver(ZooKeeper client, CuratorLocks curator) {
        this.client = client;
        this.curator = curator;
    }

    static ZooKeeperDriver connect(Servers servers, String connectString) throws Exception {
        ZooKeeper client = new ZooKeeper(connectString, SESSION_TIMEOUT_MILLIS, event -> {});
        try {
            servers.whenUp(() -> client.getChildren("/", false));
            return new ZooKeeperDriver(client, CuratorLocks.connect(connectString));
        } catch (Exception e) {
            client.close();
            throw e;
        }
    }

    @Override
    public void prepare(List<String> keys, List<String> locks, byte[] value, Duration timeout) throws Exception {
        create(KEYS, NO_DATA, CreateMode.PERSISTENT).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        create(LOCKS, NO_DATA, CreateMode.PERSISTENT).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        FewAtATime.forEach(keys, key -> create(keyPath(key), value, CreateMode.PERSISTENT), timeout);
        FewAtATime.forEach(locks, lock -> create(lockPath(lock), NO_DATA, CreateMode.PERSISTENT), timeout);
    }

    @Override
    public CompletionStage<Void> put(String key, byte[] value) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        client.setData(
                keyPath(key),
                value,
                ANY_VERSION,
                (code, path, context, stat) -> complete(done, code, path, null),
                null);
        return done;
    }

    @Override
    public CompletionStage<Void> get(String key) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        client.getData(
                keyPath(key), false, (code, path, context, data, stat) -> complete(done, code, path, null), null);
        return done;
    }

    @Override
    public CompletionStage<Void> getSync(String key) {
        CompletableFuture<Void> synced = new CompletableFuture<>();
        client.sync(keyPath(key), (code, path, context) -> complete(synced, code, path, null), null);
        // A session's requests are answered in order, so the read need not wait for the sync to be heard of.
        return get(key).thenCombine(synced, (read, sync) -> null);
    }

    @Override
    public CompletionStage<Void> lockUnlock(String lock) {
        String parent = lockPath(lock);
        return create(parent + TICKET, NO_DATA, CreateMode.EPHEMERAL_SEQUENTIAL)
                .thenCompose(ticket -> children(parent).thenApply(tickets -> requireFirst(parent, ticket, tickets)))
                .thenCompose(this::delete);
    }

    @Override
    public CompletionStage<Void> lockUnlockContended(String lock, int slot) {
        return curator.lockUnlock(lock);
    }

    @Override
    public CompletionStage<Void> lockUnlockAll(List<String> locks, int slot) {
        return curator.lockUnlockAll(locks);
    }

    /** Who makes the lock's node builds; with one caller for each key nobody has to wait for it. */
    @Override
    public CompletionStage<Void> getOrBuild(String key, byte[] value, int slot) {
        String lock = keyPath(key + "-lock");
        return create(lock, NO_DATA, CreateMode.EPHEMERAL)
                .thenCompose(locked -> create(keyPath(key), value, CreateMode.PERSISTENT))
                .thenCompose(built -> delete(lock));
    }

    @Override
    public void prepareDocuments(List<String> names, String json, Duration timeout) throws Exception {
        FewAtATime.forEach(
                names,
                name -> create(keyPath(name), json.getBytes(StandardCharsets.UTF_8), CreateMode.PERSISTENT),
                timeout);
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
    public CompletionStage<Versioned> read(String key) {
        CompletableFuture<Versioned> done = new CompletableFuture<>();
        client.getData(
                keyPath(key),
                false,
                (code, path, context, data, stat) -> complete(
                        done,
                        code,
                        path,
                        data == null
                                ? null
                                : new Versioned(key, stat.getVersion(), new String(data, StandardCharsets.UTF_8))),
                null);
        return done;
    }

    @Override
    public CompletionStage<Boolean> writeAll(List<Versioned> writes) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        List<Op> operations = writes.stream()
                .map(write -> Op.setData(
                        keyPath(write.key()), write.text().getBytes(StandardCharsets.UTF_8), (int) write.version()))
                .toList();
        client.multi(
                operations,
                (code, path, context, results) -> {
                    if (code == KeeperException.Code.BADVERSION.intValue()) {
                        done.complete(false);
                    } else {
                        complete(done, code, String.valueOf(path), true);
                    }
                },
                null);
        return done;
    }

    private static String requireFirst(String parent, String ticket, List<String> tickets) {
        String first = parent + "/" + tickets.stream().min(String::compareTo).orElse("");
        if (!first.equals(ticket)) {
            throw new IllegalStateException("lock " + parent + " is contended: " + tickets);
        }
        return ticket;
    }

    private CompletableFuture<String> create(String path, byte[] data, CreateMode mode) {
        CompletableFuture<String> done = new CompletableFuture<>();
        client.create(
                path,
                data,
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                mode,
                (code, asked, context, created) -> complete(done, code, asked, created),
                null);
        return done;
    }

    private CompletableFuture<List<String>> children(String path) {
        CompletableFuture<List<String>> done = new CompletableFuture<>();
        client.getChildren(
                path, false, (code, asked, context, children) -> complete(done, code, asked, children), null);
        return done;
    }

    private CompletableFuture<Void> delete(String path) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        client.delete(path, ANY_VERSION, (code, asked, context) -> complete(done, code, asked, null), null);
        return done;
    }

    private static <T> void complete(CompletableFuture<T> done, int code, String path, @Nullable T result) {
        if (code == KeeperException.Code.OK.intValue()) {
            done.complete(result);
        } else {
            done.completeExceptionally(KeeperException.create(KeeperException.Code.get(code), path));
        }
    }

    private static String keyPath(String key) {
        return KEYS + "/" + key;
    }

    private static String lockPath(String lock) {
        return LOCKS + "/" + lock;
    }

    @Override
    public void close() throws InterruptedException {
        curator.close();
        client.close();
    }
}
