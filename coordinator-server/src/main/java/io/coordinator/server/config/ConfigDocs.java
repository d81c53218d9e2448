package io.coordinator.server.config;

/** The reference of all keys, as Markdown: the content of docs/configuration.md. */
public final class ConfigDocs {
    private static final String HEAD = """
            # Configuration of a server

            A key can be set in a file (`--config FILE` or `COORD_CONFIG`, YAML lines `key: value`), in the environment
            (`COORD_` and the key in capitals, dashes as underscores) and as a flag (`--key value`). A flag wins over the
            environment, the environment over the file, the file over the default. An unknown key or a bad value stops the
            start with the key's name, and so does an environment variable that resembles one of them (`COORD_DATADIR`); other
            unknown variables that begin with `COORD_` are reported at the start and ignored.

            This page is generated from `io.coordinator.server.config.Keys`; a test compares them.

            | key | value | default | meaning |
            |---|---|---|---|
            """;

    private ConfigDocs() {}

    public static String markdown() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Key<?> key : Keys.all()) {
            page.append("| `")
                    .append(key.name())
                    .append("` | ")
                    .append(key.type())
                    .append(" | ");
            page.append(defaultCell(key)).append(" | ").append(key.doc()).append(" |\n");
        }
        return page.toString();
    }

    private static String defaultCell(Key<?> key) {
        if (key.derived()) {
            return key.defaultText();
        }
        return key.defaultText().isEmpty() ? "empty" : "`" + key.defaultText() + "`";
    }
}
