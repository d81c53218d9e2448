package io.coordinator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.cli.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this JVM and keeps what they print. */
public final class TestConsole {
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String input = "";

    public TestConsole set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public TestConsole input(String text) {
        input = text;
        return this;
    }

    /** Runs one command; what earlier ones printed is forgotten. */
    public int run(String... arguments) {
        out.reset();
        err.reset();
        return new CommandTree(console()).execute(arguments);
    }

    public Console console() {
        return new Console(
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                environment,
                false,
                false,
                false);
    }

    public String out() {
        return out.toString(UTF_8);
    }

    public List<String> outLines() {
        return out().lines().toList();
    }

    public String err() {
        return err.toString(UTF_8);
    }
}
