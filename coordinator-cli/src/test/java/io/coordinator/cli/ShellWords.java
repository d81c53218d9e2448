package io.coordinator.cli;

import java.util.ArrayList;
import java.util.List;

/** The words of a simple command as a shell splits them; knows single quotes, and ends at a redirection. */
final class ShellWords {
    private ShellWords() {}

    static List<String> of(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char c : (command.strip() + " ").toCharArray()) {
            if (!quoted && (c == '<' || c == '>')) {
                return words;
            }
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        return words;
    }
}
