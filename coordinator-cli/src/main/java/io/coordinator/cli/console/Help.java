package io.coordinator.cli.console;

/** What the helps of all commands have in common. */
public final class Help {
    /** Stands above the examples. */
    public static final String EXAMPLES = "%nExamples:%n%n";

    private Help() {}
}
