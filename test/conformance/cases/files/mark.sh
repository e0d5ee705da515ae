#!/bin/sh
echo ran >> mark
