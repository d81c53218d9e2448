package io.coordinator.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A cron expression: five fields, or six with seconds first.
 *
 * @param everyHour its hours are not restricted, so that it is a rate rather than a time of day
 */
record CronFields(ExecutionTime times, boolean everyHour) {
    private static final int FIELDS = 6;
    private static final int HOUR = 2;
    private static final int DAY_OF_MONTH = 3;
    private static final int DAY_OF_WEEK = 5;
    private static final int SUNDAY = 7;
    /** The library fails in months that do not have such a day, and takes a Sunday if it is the last of its month. */
    private static final Pattern RARE_WEEKDAY = Pattern.compile("(?:28|29|30|31)W", Pattern.CASE_INSENSITIVE);

    private static final Map<String, String> NICKNAMES = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");
    private static final CronDefinition DEFINITION = CronDefinitionBuilder.defineCron()
            .withSeconds()
            .withStrictRange()
            .and()
            .withMinutes()
            .withStrictRange()
            .and()
            .withHours()
            .withStrictRange()
            .and()
            .withDayOfMonth()
            .supportsL()
            .supportsW()
            .supportsLW()
            .withStrictRange()
            .and()
            .withMonth()
            .withStrictRange()
            .and()
            .withDayOfWeek()
            .withValidRange(0, SUNDAY)
            .withMondayDoWValue(1)
            .withIntMapping(SUNDAY, 0)
            .supportsHash()
            .supportsL()
            .withStrictRange()
            .and()
            .instance();

    /** @throws TimingException if it is none */
    static CronFields of(String expression) {
        String plain = NICKNAMES.getOrDefault(expression.strip(), expression).strip();
        String[] given = plain.split("\\s+");
        if (given.length != FIELDS && given.length != FIELDS - 1) {
            throw new TimingException("cron", quoted(expression) + " has " + count(plain, given) + "; " + allowed());
        }
        String[] fields = Arrays.copyOfRange(given, given.length - FIELDS + 1, given.length);
        String[] all = new String[FIELDS];
        all[0] = given.length == FIELDS ? given[0] : "0";
        System.arraycopy(fields, 0, all, 1, fields.length);
        for (int day : new int[] {DAY_OF_MONTH, DAY_OF_WEEK}) {
            all[day] = all[day].equals("?") ? "*" : all[day];
        }
        if (RARE_WEEKDAY.matcher(all[DAY_OF_MONTH]).find()) {
            throw new TimingException(
                    "cron",
                    quoted(expression) + " names the weekday next to a day with which some month ends; use W with 1 to"
                            + " 27, or LW for the last weekday of the month");
        }
        try {
            Cron cron = new CronParser(DEFINITION).parse(String.join(" ", all)).validate();
            return new CronFields(ExecutionTime.forCron(cron), all[HOUR].equals("*"));
        } catch (RuntimeException e) {
            throw new TimingException("cron", quoted(expression) + " is not understood (" + why(e) + "); " + allowed());
        }
    }

    private static String quoted(String expression) {
        return "\"" + expression + "\"";
    }

    private static String count(String plain, String[] given) {
        return plain.isEmpty() ? "no fields" : given.length + " field" + (given.length == 1 ? "" : "s");
    }

    private static String why(RuntimeException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private static String allowed() {
        return "use minute (0-59), hour (0-23), day of month (1-31), month (1-12 or JAN-DEC) and day of week (0-7 or"
                + " SUN-SAT), with seconds (0-59) before them if wanted, each *, a number, a list, a range or a step;"
                + " or @hourly, @daily, @weekly, @monthly, @yearly";
    }
}
