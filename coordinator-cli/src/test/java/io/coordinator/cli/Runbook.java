package io.coordinator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands of a page, section by section: what stands between {@code ```sh} and {@code ```}. */
final class Runbook {
    private static final String GOES_ON = "\\";
    private static final String PROGRAM = "./coordinator ";

    private final Map<String, List<String>> bySection = new LinkedHashMap<>();
    private final Map<String, String> places;

    private Runbook(Map<String, String> places) {
        this.places = places;
    }

    /**
     * Reads a page of {@code docs}.
     *
     * @param places what stands for the hosts and directories of the page
     */
    static Runbook of(String page, Map<String, String> places) throws IOException {
        Runbook book = new Runbook(places);
        String section = "";
        boolean inside = false;
        String begun = "";
        for (String line : Files.readAllLines(Path.of("../docs").resolve(page))) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            } else if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside && line.endsWith(GOES_ON)) {
                begun += line.substring(0, line.length() - GOES_ON.length()).strip() + " ";
            } else if (inside) {
                book.bySection
                        .computeIfAbsent(section, any -> new ArrayList<>())
                        .add(begun + line.strip());
                begun = "";
            }
        }
        return book;
    }

    /** The headings under which there are commands. */
    List<String> sections() {
        return List.copyOf(bySection.keySet());
    }

    /** The commands of a section as words, without the program. */
    List<List<String>> commands(String section) {
        List<List<String>> commands = new ArrayList<>();
        for (String line : bySection.getOrDefault(section, List.of())) {
            if (!line.startsWith(PROGRAM)) {
                throw new AssertionError("no command of this program: " + line);
            }
            String placed = line.substring(PROGRAM.length());
            for (Map.Entry<String, String> place : places.entrySet()) {
                placed = placed.replace(place.getKey(), place.getValue());
            }
            commands.add(ShellWords.of(placed));
        }
        return commands;
    }
}
