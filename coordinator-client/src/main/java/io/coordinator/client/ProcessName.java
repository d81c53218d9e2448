package io.coordinator.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** Who this process is, for people: {@code user@host:pid}. */
final class ProcessName {
    private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int PART_CHARS_MAX = 100;
    private static final String UNKNOWN = "?";

    private ProcessName() {}

    static String get() {
        return Once.NAME;
    }

    private static final class Once {
        static final String NAME = of(
                System.getProperty("user.name", UNKNOWN),
                host(LINUX_HOST_NAME, System.getenv(), ProcessName::localHost),
                ProcessHandle.current().pid());
    }

    static String of(String user, String host, long pid) {
        return part(user) + "@" + part(host) + ":" + pid;
    }

    /** Short, so that the whole is a name whatever the system says, and without what would break a line or a table. */
    private static String part(String text) {
        String printable = text.strip().replaceAll("[^\\x21-\\x7e]", "_");
        return printable.isEmpty() ? UNKNOWN : printable.substring(0, Math.min(printable.length(), PART_CHARS_MAX));
    }

    /**
     * The host's name, where possible without a name service, which can take long.
     *
     * @param file what Linux says
     * @param network the last resort
     */
    static String host(Path file, Map<String, String> environment, Supplier<String> network) {
        try {
            String name = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException e) {
            // Not Linux, or hidden: there are other ways.
        }
        String variable = environment.getOrDefault("HOSTNAME", environment.getOrDefault("COMPUTERNAME", ""));
        return variable.isBlank() ? network.get() : variable;
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }
}
