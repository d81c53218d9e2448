package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A class of the product with one rule taken out on purpose, compiled from its own source. */
final class BrokenBuild {
    private BrokenBuild() {}

    /**
     * Compiles a source file after a change.
     *
     * @param output where the classes go
     * @param source relative to the repository
     * @param rule occurs once in the source; a rule that has moved must be found again, not silently left intact
     * @param broken put in its place
     */
    static Path of(Path output, String source, String rule, String broken) throws IOException {
        Path original = repository().resolve(source);
        String text = Files.readString(original);
        assertThat(text).as("%s holds the rule to break", source).containsOnlyOnce(rule);
        Path changed = Files.createDirectories(output.resolve("source"))
                .resolve(original.getFileName().toString());
        Files.writeString(changed, text.replace(rule, broken));
        compile(changed, output);
        return output;
    }

    private static void compile(Path source, Path output) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler).as("the tests run on a JDK").isNotNull();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-d",
                    output.toString(),
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-proc:none",
                    "-nowarn");
            boolean compiled = compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as("the broken source compiles").isTrue();
        }
    }

    private static Path repository() {
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            if (Files.isDirectory(directory.resolve("state-machine"))) {
                return directory;
            }
        }
        throw new IllegalStateException("the tests run outside the repository, whose sources they break");
    }
}
