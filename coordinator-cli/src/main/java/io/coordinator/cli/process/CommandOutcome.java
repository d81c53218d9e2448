package io.coordinator.cli.process;

/**
 * What a run of a command came to.
 *
 * @param exitCode 128 + n if signal n ended it
 * @param output the beginning of what it wrote, all of it if that is not more than was to be kept
 * @param outputBytes how many bytes it wrote
 * @param hasEnded whether the output has; if not, something that the command has started and left behind has it open
 * @param errors the end of what it wrote as errors: at most 4,096 bytes, and no line break at their end
 * @param wasTold whether it was told to end before it did
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
public record CommandOutcome(
        int exitCode, byte[] output, long outputBytes, boolean hasEnded, String errors, boolean wasTold) {
    /** Whether all that it wrote was kept. */
    public boolean isWhole() {
        return output.length == outputBytes;
    }
}
