package io.coordinator.testing.runner;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The sources and compiled classes of this project.
 *
 * @param root where its modules are
 */
public record Repository(Path root) {
    private static final String JAVA = ".java";

    /** The one that this program is run in. */
    public static Repository here() {
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            if (Files.isDirectory(directory.resolve("testing/src/mutants"))) {
                return new Repository(directory);
            }
        }
        throw new IllegalStateException("run this inside the repository, whose tests it runs");
    }

    /** Where the breaks are. */
    public Path mutants() {
        return root.resolve("testing/src/mutants");
    }

    /** What a module's tests run with, the module's own classes first. */
    public String testClassPath(String module) {
        Path target = root.resolve(module).resolve("target");
        Path others = target.resolve("test-classpath.txt");
        try {
            return String.join(
                    File.pathSeparator,
                    target.resolve("test-classes").toString(),
                    target.resolve("classes").toString(),
                    Files.readString(others).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "start testing/mutants or testing/repeat, which have Maven write " + others, e);
        }
    }

    /** The full name of a module's test class. */
    public String testClass(String module, String simpleName) {
        List<String> found = testClasses(module, name -> name.equals(simpleName + JAVA));
        if (found.size() != 1) {
            throw new IllegalArgumentException(module + " has " + found.size() + " test classes " + simpleName);
        }
        return found.get(0);
    }

    /** The full names of all test classes of a module. */
    public List<String> testClasses(String module) {
        return testClasses(module, name -> name.endsWith("Test" + JAVA));
    }

    private List<String> testClasses(String module, Predicate<String> fileName) {
        Path sources = root.resolve(module).resolve("src/test/java");
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> fileName.test(file.getFileName().toString()))
                    .map(file -> sources.relativize(file).toString())
                    .map(path ->
                            path.substring(0, path.length() - JAVA.length()).replace(File.separatorChar, '.'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
