package io.coordinator.cli.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.process.CommandOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * What a command that has done its job wrote, as the job's result. A job that is done is done whatever it wrote: to
 * refuse that would have it done again.
 */
final class CommandResults {
    /** More than any result can be. */
    static final int OUTPUT_MAX = 1 << 20;

    private static final int BEGINNING_BYTES = 16_384;

    private CommandResults() {}

    /**
     * Whether {@link #whole} can say all of it, as far as that is known before it is sent. What a daemon that it has
     * left behind may still write is not the command's.
     */
    static boolean isWhole(CommandOutcome outcome) {
        return outcome.isWhole() && isText(outcome.output());
    }

    private static boolean isText(byte[] output) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(output));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** All of it: null for nothing, JSON if it is that, otherwise its text without line breaks at the end. */
    static JsonNode whole(CommandOutcome outcome) {
        String text = new String(outcome.output(), UTF_8);
        if (text.isBlank()) {
            return NullNode.getInstance();
        }
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text.replaceAll("[\\r\\n]+$", ""));
        }
    }

    /** The size of it, and its beginning as text, with U+FFFD for what is none. */
    static JsonNode beginning(CommandOutcome outcome) {
        int length = Math.min(outcome.output().length, BEGINNING_BYTES);
        return Json.object()
                .put("bytes", outcome.outputBytes())
                .put("beginning", new String(outcome.output(), 0, length, UTF_8));
    }
}
