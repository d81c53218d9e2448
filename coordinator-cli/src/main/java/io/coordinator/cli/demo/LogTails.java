package io.coordinator.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The last lines of each process' log, for a demo that failed. */
record LogTails(DemoDirectory directory) {
    private static final int LINES = 15;

    String text() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(directory.path())) {
            for (Path log : files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                List<String> lines = Files.readAllLines(log);
                if (!lines.isEmpty()) {
                    text.append("---- ").append(log.getFileName()).append('\n');
                    lines.subList(Math.max(0, lines.size() - LINES), lines.size())
                            .forEach(line -> text.append(line).append('\n'));
                }
            }
        }
        return text.toString();
    }
}
