package io.coordinator.testing.mutants;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The sources and compiled classes of this project.
 *
 * @param root where its modules are
 */
record Repository(Path root) {

    /** The one that this program is run in. */
    static Repository here() {
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            if (Files.isDirectory(directory.resolve("testing/src/mutants"))) {
                return new Repository(directory);
            }
        }
        throw new IllegalStateException("run this inside the repository, whose sources it breaks");
    }

    Path mutants() {
        return root.resolve("testing/src/mutants");
    }

    /** What a module's tests run with, the module's own classes first. */
    String testClassPath(String module) {
        Path target = root.resolve(module).resolve("target");
        Path others = target.resolve("test-classpath.txt");
        try {
            return String.join(
                    File.pathSeparator,
                    target.resolve("test-classes").toString(),
                    target.resolve("classes").toString(),
                    Files.readString(others).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("start testing/mutants, which has Maven write " + others, e);
        }
    }

    /** The full name of a module's test class. */
    String testClass(String module, String simpleName) {
        Path sources = root.resolve(module).resolve("src/test/java");
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> found =
                    files.filter(file -> file.endsWith(simpleName + ".java")).toList();
            if (found.size() != 1) {
                throw new IllegalArgumentException(module + " has " + found.size() + " test classes " + simpleName);
            }
            String path = sources.relativize(found.get(0)).toString();
            return path.substring(0, path.length() - ".java".length()).replace(File.separatorChar, '.');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
