package io.coordinator.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Where values come from: a flat YAML file, the environment, flags. */
final class ConfigSources {
    private static final String CONFIG_FLAG = "config";
    private static final Logger LOG = LoggerFactory.getLogger(ConfigSources.class);

    private ConfigSources() {}

    static ServerConfig.Builder load(List<String> args, Map<String, String> environment) {
        Map<String, String> flags = parseFlags(args);
        List<String> strange = Variables.check(environment);
        if (!strange.isEmpty()) {
            LOG.warn(
                    "these environment variables mean nothing to a server and are ignored: {}; docs/configuration.md lists"
                            + " the known ones",
                    String.join(", ", strange));
        }
        @Nullable
        String file = flags.containsKey(CONFIG_FLAG) ? flags.remove(CONFIG_FLAG) : environment.get(Variables.CONFIG);
        Map<String, String> merged = new LinkedHashMap<>();
        if (file != null) {
            merged.putAll(readFile(Path.of(file)));
        }
        for (Key<?> key : Keys.all()) {
            @Nullable String value = environment.get(key.environmentName());
            if (value != null) {
                merged.put(key.name(), value);
            }
        }
        merged.putAll(flags);
        ServerConfig.Builder builder = ServerConfig.builder();
        merged.forEach(builder::set);
        return builder;
    }

    private static Map<String, String> parseFlags(List<String> args) {
        Map<String, String> flags = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>(args);
        while (!rest.isEmpty()) {
            String arg = rest.remove(0);
            if (!arg.startsWith("--")) {
                throw new ConfigException(arg, "expected a flag such as --data-dir");
            }
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
            if (equals >= 0) {
                flags.put(name, arg.substring(equals + 1));
            } else if (!rest.isEmpty() && !rest.get(0).startsWith("--")) {
                flags.put(name, rest.remove(0));
            } else if (name.equals(Keys.INSECURE.name())) {
                flags.put(name, "true");
            } else {
                throw new ConfigException(name, "the flag needs a value");
            }
        }
        return flags;
    }

    private static Map<String, String> readFile(Path file) {
        Object root;
        try {
            root = new Load(LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException(CONFIG_FLAG, "cannot read " + file + ": " + e);
        } catch (YamlEngineException e) {
            throw new ConfigException(CONFIG_FLAG, "not YAML: " + e.getMessage());
        }
        Map<String, String> values = new LinkedHashMap<>();
        if (root == null) {
            return values;
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw new ConfigException(CONFIG_FLAG, file + " must hold `key: value` lines");
        }
        map.forEach((name, value) -> values.put(String.valueOf(name), scalar(String.valueOf(name), value)));
        return values;
    }

    private static String scalar(String name, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return String.join(",", list.stream().map(String::valueOf).toList());
        }
        if (value instanceof Map<?, ?>) {
            throw new ConfigException(name, "expected a single value, found a map");
        }
        return value == null ? "" : String.valueOf(value);
    }
}
