package io.coordinator.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The files of the project, without what builds have made. */
final class Project {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Set<String> MADE = Set.of("target", ".git", ".idea", ".m2", "node_modules");

    private Project() {}

    /** The text files that are meant, in the order of their names. */
    static List<Path> files(Predicate<Path> isMeant) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return MADE.contains(directory.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (isMeant.test(file)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    /** A source of what is delivered: Java or a message. */
    static boolean isMain(Path file) {
        return isBelow(file, "src/main") && (isJava(file) || file.toString().endsWith(".proto"));
    }

    static boolean isTest(Path file) {
        return isBelow(file, "src/test") && isJava(file);
    }

    static boolean isPage(Path file) {
        return file.toString().endsWith(".md") && !isBelow(file, "src/test");
    }

    private static boolean isBelow(Path file, String folder) {
        return ROOT.relativize(file).toString().replace('\\', '/').contains("/" + folder + "/");
    }

    private static boolean isJava(Path file) {
        return file.toString().endsWith(".java");
    }
}
