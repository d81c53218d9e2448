package io.coordinator.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in a part of a sentence. */
final class UsageErrors {
    private static final int SUGGESTIONS_MAX = 2;

    private UsageErrors() {}

    static String explain(ParameterException mistake) {
        return inOneLine(
                mistake instanceof UnmatchedArgumentException unmatched
                        ? unmatched(unmatched)
                        : String.valueOf(mistake.getMessage()));
    }

    private static String unmatched(UnmatchedArgumentException mistake) {
        List<String> arguments = mistake.getUnmatched();
        boolean isCommand = !mistake.getCommandLine().getSubcommands().isEmpty()
                && !arguments.isEmpty()
                && !arguments.get(0).startsWith("-");
        String what =
                isCommand ? "there is no command '" + arguments.get(0) + "'" : String.valueOf(mistake.getMessage());
        List<String> suggestions = mistake.getSuggestions();
        return suggestions.isEmpty() ? what : what + " (did you mean " + anyOf(suggestions) + "?)";
    }

    private static String anyOf(List<String> suggestions) {
        return suggestions.stream()
                .limit(SUGGESTIONS_MAX)
                .map(suggestion -> "'" + suggestion + "'")
                .collect(Collectors.joining(" or "));
    }

    private static String inOneLine(String message) {
        String line = message.strip().replaceAll("\\s+", " ");
        return line.isEmpty() ? line : Character.toLowerCase(line.charAt(0)) + line.substring(1);
    }
}
