package io.coordinator.benchmarks.systems;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.benchmarks.harness.CallDriver;
import io.coordinator.benchmarks.harness.DocumentDriver;
import io.coordinator.benchmarks.harness.FanOutDriver;
import io.coordinator.benchmarks.harness.GroupDriver;
import io.coordinator.benchmarks.harness.JobDriver;
import io.coordinator.benchmarks.harness.KeyDriver;
import io.coordinator.benchmarks.harness.MessageCaller;
import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import io.coordinator.benchmarks.harness.PublishDriver;
import io.coordinator.client.AsyncCoordinatorClient;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.MultiLockHandle;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.transaction.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One SDK client with its default settings, through its asynchronous API. */
final class CoordinatorDriver
        implements KeyDriver, DocumentDriver, PublishDriver, GroupDriver, FanOutDriver, CallDriver, JobDriver {
    private static final BuildOptions BUILD = BuildOptions.timeout(Duration.ofSeconds(30));

    private final CoordinatorClient client;
    private final AsyncCoordinatorClient async;
    private final AsyncCache cache;
    private final CoordinatorMessages messages;

    private CoordinatorDriver(CoordinatorClient client, Callable<CoordinatorClient> connector) {
        this.client = client;
        this.async = client.async();
        this.cache = async.cache();
        this.messages = new CoordinatorMessages(client, connector);
    }

    static CoordinatorDriver connect(Servers servers, String cluster, String endpoints) throws Exception {
        ClientConfig config = ClientConfig.builder()
                .endpoints(endpoints)
                .cluster(cluster)
                .clientName("benchmark")
                .build();
        return new CoordinatorDriver(
                servers.whenUp(() -> CoordinatorClient.connect(config)), () -> CoordinatorClient.connect(config));
    }

    @Override
    public void prepare(List<String> keys, List<String> locks, byte[] value, Duration timeout) throws Exception {
        FewAtATime.forEach(keys, key -> put(key, value), timeout);
    }

    @Override
    public CompletionStage<Void> put(String key, byte[] value) {
        return cache.put(key, text(value)).thenAccept(revision -> {});
    }

    /** The values of the data set are JSON strings without escapes; the SDK wants them as values, not as text. */
    private static TextNode text(byte[] json) {
        return TextNode.valueOf(new String(json, 1, json.length - 2, StandardCharsets.ISO_8859_1));
    }

    @Override
    public CompletionStage<Void> get(String key) {
        return cache.get(key).thenAccept(entry -> {
            if (entry.isEmpty()) {
                throw new NoSuchElementException(key);
            }
        });
    }

    @Override
    public CompletionStage<Void> lockUnlock(String lock) {
        return async.lock(lock).acquire().thenCompose(LockHandle::releaseAsync).thenAccept(held -> {
            if (!held) {
                throw new IllegalStateException("lock " + lock + " was lost while held");
            }
        });
    }

    /** Locks are not reentrant, so the slots of one session exclude each other. */
    @Override
    public CompletionStage<Void> lockUnlockContended(String lock, int slot) {
        return lockUnlock(lock);
    }

    @Override
    public CompletionStage<Void> lockUnlockAll(List<String> locks, int slot) {
        return async.multiLock(locks)
                .acquire()
                .thenCompose(MultiLockHandle::releaseAsync)
                .thenAccept(report -> {
                    if (!report.isComplete()) {
                        throw new IllegalStateException("locks " + report.gone() + " were lost while held");
                    }
                });
    }

    @Override
    public CompletionStage<Void> getOrBuild(String key, byte[] value, int slot) {
        String text = new String(value, StandardCharsets.US_ASCII);
        return async.builds()
                .getOrBuildAsync(key, String.class, context -> text, BUILD)
                .thenAccept(built -> {});
    }

    @Override
    public void prepareDocuments(List<String> documents, String json, Duration timeout) throws Exception {
        JsonNode content = new ObjectMapper().readTree(json);
        OpenOptions options = OpenOptions.defaults().initialContent(content);
        FewAtATime.forEach(documents, id -> async.documents().open(id, options), timeout);
    }

    @Override
    public CompletionStage<Void> setInDocument(String document, long value) {
        return async.documents().handle(document).at("a").set("b", value).thenAccept(CoordinatorDriver::requireApplied);
    }

    @Override
    public CompletionStage<Void> pushInDocument(String document, long value) {
        return async.documents()
                .handle(document)
                .batch(batch -> batch.at("list").push(value).shift())
                .thenAccept(outcome -> outcome.outcomes().forEach(CoordinatorDriver::requireApplied));
    }

    @Override
    public CompletionStage<Void> moveBetweenDocuments(String from, String to) {
        AsyncDocument one = async.documents().handle(from);
        AsyncDocument other = async.documents().handle(to);
        return one.at("n")
                .get()
                .thenCombine(
                        other.at("n").get(),
                        (a, b) -> client.transaction()
                                .whenDocument(from, "n", Expect.value(a.orElseThrow()))
                                .whenDocument(to, "n", Expect.value(b.orElseThrow()))
                                .then(writes -> writes.edit(
                                                from,
                                                edits -> edits.set(
                                                        "n", a.orElseThrow().asLong() - 1))
                                        .edit(
                                                to,
                                                edits -> edits.set(
                                                        "n", b.orElseThrow().asLong() + 1))))
                .thenCompose(Transaction::commitAsync)
                .thenCompose(result ->
                        result.held() ? CompletableFuture.<Void>completedFuture(null) : moveBetweenDocuments(from, to));
    }

    @Override
    public MessageSink openTopic() {
        return messages.openTopic();
    }

    @Override
    public AutoCloseable consume(List<byte[]> backlog, int members, MessageReceiver receiver) throws Exception {
        return messages.consume(backlog, members, receiver);
    }

    @Override
    public MessageSink openFanOut(int subscribers, MessageReceiver receiver) throws Exception {
        return messages.openFanOut(subscribers, receiver);
    }

    @Override
    public MessageCaller openCalls() throws Exception {
        return messages.openCalls(CallOptions.defaults());
    }

    @Override
    public MessageCaller openEphemeralCalls() throws Exception {
        return messages.openCalls(CallOptions.defaults().ephemeral());
    }

    @Override
    public MessageCaller openJobs(int atOnce) throws Exception {
        return messages.openJobs(atOnce);
    }

    private static void requireApplied(EditOutcome outcome) {
        if (!outcome.isApplied()) {
            throw new IllegalStateException("an edit was not made: " + outcome);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
