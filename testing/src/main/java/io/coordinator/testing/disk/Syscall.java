package io.coordinator.testing.disk;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One call of a process to its system.
 *
 * @param startMicros when it was made, since 1970
 * @param endMicros when it was done
 * @param arguments as {@code strace} prints them, with all bytes as numbers
 * @param result what it returned; empty if the process ended in it
 */
record Syscall(long startMicros, long endMicros, String name, List<String> arguments, Optional<String> result) {
    private static final Pattern LINE = Pattern.compile(
            "(\\d+)\\.(\\d{6}) (\\w+)\\((.*)\\) += (.*?)(?: \\(DELAYED\\))?(?: <(\\d+)\\.(\\d{6})>)?", Pattern.DOTALL);
    private static final String CUT_OFF = "\"...";
    private static final int HEX = 16;
    /** Of {@code \x2f}. */
    private static final int ESCAPE_CHARS = 4;

    /** Reads a line of {@code strace}; empty for what is no call, such as the end of a thread. */
    static Optional<Syscall> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        if (line.contains(CUT_OFF)) {
            throw new IllegalArgumentException("a string of more bytes than strace prints: " + line.substring(0, 200));
        }
        long start = micros(matcher.group(1), matcher.group(2));
        long end = matcher.group(6) == null ? start : start + micros(matcher.group(6), matcher.group(7));
        String result = matcher.group(5).strip();
        return Optional.of(new Syscall(
                start,
                end,
                matcher.group(3),
                split(matcher.group(4)),
                result.startsWith("?") ? Optional.empty() : Optional.of(result)));
    }

    private static long micros(String seconds, String micros) {
        return Long.parseLong(seconds) * 1_000_000 + Long.parseLong(micros);
    }

    private static List<String> split(String text) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[' || c == '{' || c == '(') {
                depth++;
            } else if (c == ']' || c == '}' || c == ')') {
                depth--;
            } else if (c == ',' && depth == 0) {
                arguments.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        arguments.add(text.substring(from).strip());
        return arguments;
    }

    /** Whether it did what it was asked for. */
    boolean succeeded() {
        return result.isPresent() && !result.get().startsWith("-1");
    }

    /** What it returned, a number. */
    long returned() {
        String text = result.orElseThrow(() -> new IllegalStateException("the process ended in " + this));
        int end = 0;
        while (end < text.length() && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '-')) {
            end++;
        }
        return Long.parseLong(text.substring(0, end));
    }

    boolean is(String... names) {
        return List.of(names).contains(name);
    }

    /** An argument that is a number. */
    long number(int argument) {
        return Long.decode(arguments.get(argument));
    }

    /** The number of a descriptor. */
    int descriptor(int argument) {
        String text = arguments.get(argument);
        int end = text.indexOf('<');
        return Integer.parseInt(end < 0 ? text : text.substring(0, end));
    }

    /** The path of a descriptor. */
    String descriptorPath(int argument) {
        String text = arguments.get(argument);
        return new String(bytes(text.substring(text.indexOf('<') + 1, text.lastIndexOf('>'))), StandardCharsets.UTF_8);
    }

    /** An argument that is a path, from the directory that the argument before names if it is not absolute. */
    String path(int argument) {
        String path = new String(data(argument), StandardCharsets.UTF_8);
        return path.startsWith("/") || argument == 0 ? path : descriptorPath(argument - 1) + "/" + path;
    }

    /** All bytes of an argument: of a string, or of a list of strings one after the other. */
    byte[] data(int argument) {
        String text = arguments.get(argument);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int from = text.indexOf('"'); from >= 0; ) {
            int to = text.indexOf('"', from + 1);
            all.writeBytes(bytes(text.substring(from + 1, to)));
            from = text.indexOf('"', to + 1);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(String escaped) {
        byte[] bytes = new byte[escaped.length() / ESCAPE_CHARS];
        for (int i = 0; i < bytes.length; i++) {
            int at = i * ESCAPE_CHARS + 2;
            bytes[i] = (byte)
                    (Character.digit(escaped.charAt(at), HEX) << 4 | Character.digit(escaped.charAt(at + 1), HEX));
        }
        return bytes;
    }
}
