package io.coordinator.server.config;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The environment variables of all programs of this project: what is known to one of them is no mistake in another. */
public final class Variables {
    /** Names the server's file. */
    static final String CONFIG = "COORD_CONFIG";

    private static final String PREFIX = "COORD_";

    /** Of clients, of the launcher, and of commands that run under a lock, an election or a build. */
    private static final Set<String> OTHERS = Set.of(
            "COORD_ENDPOINTS",
            "COORD_NAMESPACE",
            "COORD_CLIENT_NAME",
            "COORD_JAVA_HOME",
            "COORD_JDK_DIRS",
            "COORD_LOCK_NAME",
            "COORD_LOCK_TOKEN",
            "COORD_BUILD_KEY",
            "COORD_BUILD_TOKEN",
            "COORD_ELECTION",
            "COORD_EPOCH");

    private Variables() {}

    /**
     * The variable that was probably meant to be the one given.
     *
     * @param environment whose names are looked at, and never whose values
     */
    public static Optional<String> misspelt(String meant, Map<String, String> environment) {
        return environment.keySet().stream()
                .filter(Variables::isOurs)
                // First what costs little: a command line starts in no time, and most environments are right.
                .filter(name -> !OTHERS.contains(name)
                        && Spelling.nearest(name, Set.of(meant)).isPresent())
                .filter(name -> !name.equals(meant) && !ofServer().contains(name))
                .filter(name -> Spelling.nearest(name, known()).equals(Optional.of(meant)))
                .sorted()
                .findFirst();
    }

    /**
     * Looks for variables that nobody reads.
     *
     * @return those that resemble nothing that a server reads
     * @throws ConfigException for one that was probably meant for it: the server would run with a default instead
     */
    static List<String> check(Map<String, String> environment) {
        Collection<String> known = known();
        Set<String> ofServer = ofServer();
        List<String> strange = unknown(environment);
        for (String name : strange) {
            Optional<String> meant = Spelling.nearest(name, known).filter(ofServer::contains);
            if (meant.isPresent()) {
                throw new ConfigException(
                        name,
                        "unknown environment variable; did you mean " + meant.get()
                                + "? Correct it, or rename it if it is another program's");
            }
        }
        return strange;
    }

    private static List<String> unknown(Map<String, String> environment) {
        Collection<String> known = known();
        return environment.keySet().stream()
                .filter(Variables::isOurs)
                .filter(name -> !known.contains(name))
                .sorted()
                .toList();
    }

    private static boolean isOurs(String name) {
        return name.toUpperCase(Locale.ROOT).startsWith(PREFIX);
    }

    private static Collection<String> known() {
        return Stream.concat(ofServer().stream(), OTHERS.stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> ofServer() {
        Set<String> names =
                Keys.all().stream().map(Key::environmentName).collect(Collectors.toCollection(TreeSet::new));
        names.add(CONFIG);
        return names;
    }
}
