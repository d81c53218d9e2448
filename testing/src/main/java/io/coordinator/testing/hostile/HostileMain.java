package io.coordinator.testing.hostile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Everything hostile there is, in a process of its own. Arguments: the addresses of all nodes with commas between them,
 * the seed, for how many seconds, and the scale of the amplifiers. Prints the tally.
 */
public final class HostileMain {
    private static final String AMPLIFIERS = "amplifiers";

    private HostileMain() {}

    /** Fails with a stack trace, and so with exit code 1, if a behaviour is broken by itself. */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> addresses = Arrays.asList(arguments[0].split(",", -1));
        HostileClient.Builder everything = HostileClient.builder(addresses)
                .seed(Long.parseLong(arguments[1]))
                .behaviours(Behaviours.all())
                .behaviours(RawSockets.all())
                .inTurn(AMPLIFIERS, new Amplifiers(Double.parseDouble(arguments[3])).all());
        try (HostileClient hostile = everything.start(Duration.ofSeconds(Long.parseLong(arguments[2])))) {
            System.out.println(hostile.await());
        }
    }

    /** What the tally names. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(List.of(AMPLIFIERS));
        Behaviours.all().forEach(behaviour -> names.add(behaviour.name()));
        RawSockets.all().forEach(behaviour -> names.add(behaviour.name()));
        return names;
    }
}
