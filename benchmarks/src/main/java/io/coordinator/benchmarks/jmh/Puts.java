package io.coordinator.benchmarks.jmh;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.PutValue;
import java.util.stream.IntStream;

/** Commands of one session that put 100 bytes under one of 10,000 keys. */
final class Puts {
    static final String NAMESPACE = "default";
    static final int KEYS = 10_000;

    private static final ByteString VALUE = ByteString.copyFromUtf8('"' + "x".repeat(98) + '"');

    private final CacheCommand[] bodies = IntStream.range(0, KEYS)
            .mapToObj(i -> CacheCommand.newBuilder()
                    .setNamespace(NAMESPACE)
                    .setKey(key(i))
                    .setPut(PutValue.newBuilder().setValue(VALUE))
                    .build())
            .toArray(CacheCommand[]::new);

    static String key(long i) {
        return "key-" + i % KEYS;
    }

    /**
     * The session's command number {@code seq}, which acknowledges all but the last {@code unacknowledged} before it.
     */
    Command command(long session, long seq, long unacknowledged) {
        return Command.newBuilder()
                .setSessionId(session)
                .setSeq(seq)
                .setAckedSeq(Math.max(0, seq - 1 - unacknowledged))
                .setCache(bodies[(int) (seq % KEYS)])
                .build();
    }
}
