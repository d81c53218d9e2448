package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Reply;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Large texts, many messages, and the count of what became of them: what the {@link Amplifiers} are made of. */
final class Bulk {
    private Bulk() {}

    /** Counts what a command was answered. */
    static void count(Arena arena, Optional<Reply> reply) {
        arena.count(reply.map(r -> r.hasError()
                        ? r.getError().getCode().name()
                        : r.getOutcomeCase().name())
                .orElse("no reply"));
    }

    static List<ByteString> ones(int count) {
        ByteString one = json("1");
        return IntStream.range(0, count).mapToObj(i -> one).toList();
    }

    static ByteString array(int count) {
        return json("[" + join(count, i -> "1") + "]");
    }

    static String join(int count, IntFunction<String> element) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append(element.apply(i));
        }
        return text.toString();
    }

    static ByteString memberOf(int bytes) {
        return json("{\"a\":\"" + "x".repeat(bytes) + "\"}");
    }

    static ByteString text(int bytes) {
        return json('"' + "x".repeat(bytes) + '"');
    }

    static ByteString json(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static Iterator<Command.Builder> repeat(int count, IntFunction<Command.Builder> command) {
        return IntStream.range(0, count).mapToObj(command).iterator();
    }
}
