package io.coordinator.cli.command;

import io.coordinator.cli.console.Help;
import io.coordinator.server.Main;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code coordinator serve}: a node, until it is told to end. Its arguments are the server's configuration keys, which
 * only the server knows, so they reach it unparsed; this class also makes the command known to help and completion.
 */
@Command(
        name = ServeCommand.NAME,
        customSynopsis = "coordinator serve [--config FILE] [--KEY VALUE]…",
        description = {
            "Run a node until TERM or INT, which end it gracefully.",
            "Every configuration key is a flag (--data-dir DIR), an environment variable (COORD_DATA_DIR) and a line of"
                    + " the file; the first of these wins. docs/configuration.md lists the keys."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator serve --node n1 --data-dir data/n1",
            "  coordinator serve --config /etc/coordinator/n1.conf"
        })
public final class ServeCommand implements Runnable {
    public static final String NAME = "serve";

    @Parameters(hidden = true)
    private List<String> flags = List.of();

    @Override
    public void run() {
        run(flags);
    }

    /** Runs a node with these flags. Returns when it has ended well; if not, the server ends this process itself. */
    public static void run(List<String> flags) {
        Main.main(flags.toArray(String[]::new));
    }
}
