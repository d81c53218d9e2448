package io.coordinator.cli;

import io.coordinator.cli.console.Console;

/** The {@code coordinator} process. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandTree(Console.ofProcess()).execute(arguments));
    }
}
