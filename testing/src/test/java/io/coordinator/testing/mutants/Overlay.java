package io.coordinator.testing.mutants;

import io.coordinator.testing.runner.Repository;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Broken classes, to be put in front of a class path. */
final class Overlay {
    private Overlay() {}

    /** Changes copies of the sources of a break; returns them. */
    static List<Path> broken(Mutant mutant, Repository repository, Path directory) throws IOException {
        List<Path> copies = new ArrayList<>();
        for (String source : mutant.sources()) {
            Path copy = directory.resolve(source);
            Files.createDirectories(copy.getParent());
            Files.copy(repository.root().resolve(source), copy);
            copies.add(copy);
        }
        if (copies.isEmpty()) {
            throw new IllegalArgumentException(mutant.file() + " changes no file");
        }
        apply(mutant, directory);
        return copies;
    }

    private static void apply(Mutant mutant, Path directory) throws IOException {
        Process git = new ProcessBuilder("git", "apply", "-C1", mutant.file().toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (git.waitFor() != 0) {
                throw new IllegalArgumentException(
                        mutant.name() + " does not fit the sources any more; make its diff anew: " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while git applied " + mutant.name(), e);
        }
    }

    /** Compiles sources into a directory. */
    static void compile(Mutant mutant, List<Path> sources, String classPath, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("this needs a JDK, to compile what it breaks");
        }
        Files.createDirectories(classes);
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-d", classes.toString(), "-classpath", classPath, "-proc:none", "-nowarn", "-Xlint:none");
            if (!compiler.getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call()) {
                throw new IllegalArgumentException(mutant.name() + " does not compile: " + messages);
            }
        }
    }
}
