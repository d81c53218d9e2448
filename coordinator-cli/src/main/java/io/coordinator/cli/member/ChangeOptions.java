package io.coordinator.cli.member;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.cluster.ClusterMembers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who changes the members, and why. */
final class ChangeOptions {
    @Option(
            names = "--actor",
            paramLabel = "WHO",
            description = "Who asks, for the trail; user@host of this process by default.")
    private @Nullable String actor;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, for the trail.")
    private String reason = "";

    ClusterMembers apply(ClusterMembers members) {
        return members.by(actor == null ? user() : actor, reason);
    }

    /** Without the number of the process, which ends with the command. */
    private static String user() {
        String process = ClientConfig.processName();
        int number = process.lastIndexOf(':');
        return number < 0 ? process : process.substring(0, number);
    }
}
