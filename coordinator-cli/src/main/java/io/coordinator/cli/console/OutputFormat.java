package io.coordinator.cli.console;

/** How data is written to stdout; lower case, because that is how users type it. */
public enum OutputFormat {
    /** For people: aligned columns, or the bare value where there is only one. */
    table,
    /** For programs: one JSON document. */
    json,
    /** For programs that read a stream: one JSON document in each line. */
    jsonl
}
