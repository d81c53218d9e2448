package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.MessageReceiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.StreamMessageId;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Members that read a few entries at a time, acknowledge each by itself, and then read again until none is left. */
final class RedisGroup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisGroup.class);
    private static final Duration FILL_TIMEOUT = Duration.ofSeconds(30);
    private static final String GROUP = "group";

    private final RedisStream entries;
    private final RStream<byte[], byte[]> stream;
    private final MessageReceiver receiver;
    private volatile boolean stopped;

    private RedisGroup(RedisStream entries, MessageReceiver receiver) {
        this.entries = entries;
        this.stream = entries.stream();
        this.receiver = receiver;
    }

    static RedisGroup consume(RedissonClient redisson, List<byte[]> backlog, int members, MessageReceiver receiver)
            throws Exception {
        RedisStream entries = RedisStream.open(redisson);
        RedisGroup group = new RedisGroup(entries, receiver);
        FewAtATime.forEach(backlog, entries::publish, FILL_TIMEOUT);
        group.stream.createGroup(StreamCreateGroupArgs.name(GROUP).id(StreamMessageId.ALL));
        for (int i = 0; i < members; i++) {
            group.run(i);
        }
        return group;
    }

    private void run(int member) {
        if (stopped) {
            return;
        }
        stream.readGroupAsync(
                        GROUP,
                        "member-" + member,
                        StreamReadGroupArgs.neverDelivered().count(Members.PREFETCH))
                .thenCompose(read -> acknowledge(member, read))
                .whenComplete((more, failure) -> {
                    if (failure != null && !stopped) {
                        LOG.warn("member {} of a group on Redis stopped", member, failure);
                    } else if (failure == null && more) {
                        run(member);
                    }
                });
    }

    /** Answers whether there was anything. */
    private CompletionStage<Boolean> acknowledge(int member, Map<StreamMessageId, Map<byte[], byte[]>> read) {
        return CompletableFuture.allOf(read.entrySet().stream()
                        .map(entry -> stream.ackAsync(GROUP, entry.getKey())
                                .thenAccept(count -> acknowledged(member, entry.getValue(), count))
                                .toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .thenApply(all -> !read.isEmpty());
    }

    private void acknowledged(int member, Map<byte[], byte[]> entry, long count) {
        if (count != 1) {
            throw new IllegalStateException("an entry was not pending any more when it was acknowledged");
        }
        receiver.received(member, RedisStream.message(entry));
    }

    @Override
    public void close() {
        stopped = true;
        entries.close();
    }
}
