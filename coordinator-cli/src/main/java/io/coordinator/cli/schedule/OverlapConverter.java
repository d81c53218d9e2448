package io.coordinator.cli.schedule;

import io.coordinator.client.schedule.ScheduleOptions;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code queue}, {@code skip} and {@code cancel-earlier}. */
final class OverlapConverter implements ITypeConverter<ScheduleOptions.Overlap> {
    @Override
    public ScheduleOptions.Overlap convert(String text) {
        return Arrays.stream(ScheduleOptions.Overlap.values())
                .filter(policy -> text(policy).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                        () -> new TypeConversionException("'" + text + "' is none of queue, skip and cancel-earlier"));
    }

    static String text(ScheduleOptions.Overlap policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
