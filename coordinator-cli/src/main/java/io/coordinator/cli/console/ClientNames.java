package io.coordinator.cli.console;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the names of clients tell, unless their users have given them others: {@code user@host:pid}. */
public final class ClientNames {
    private static final Pattern NAME = Pattern.compile("(?:^|.*[\\s/])?[^@\\s]*@([^:@\\s]+):\\d+(?:\\D.*)?");

    private ClientNames() {}

    /** The host on which a client runs; empty if its name does not tell. */
    public static String host(String clientName) {
        Matcher name = NAME.matcher(clientName);
        return name.matches() ? name.group(1) : "";
    }
}
