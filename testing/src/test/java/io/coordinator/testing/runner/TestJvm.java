package io.coordinator.testing.runner;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the JVM of a program that runs tests of a module is started; to be done in the module's directory. */
public record TestJvm(Repository repository, String module) {

    /**
     * A command.
     *
     * @param before directories whose classes come before the module's
     * @param program is found on the class path of this JVM
     */
    public List<String> command(List<Path> before, List<String> flags, Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "-Djunit.jupiter.execution.timeout.thread.mode.default=SEPARATE_THREAD"));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath(before), program.getName()));
        command.addAll(arguments);
        return command;
    }

    private String classPath(List<Path> before) {
        return Stream.concat(
                        before.stream().map(Path::toString),
                        Stream.of(repository.testClassPath(module), System.getProperty("java.class.path")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The module's directory. */
    public Path directory() {
        return repository.root().resolve(module);
    }
}
